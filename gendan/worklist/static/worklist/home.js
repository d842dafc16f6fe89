/* The worklist's keyboard: j and k move, Enter opens. */
(() => {
  "use strict";
  const rows = () => [...document.querySelectorAll("#items [data-row]")];
  const current = () => rows().findIndex((row) => row.classList.contains("is-current"));
  const go = (index) => {
    const all = rows();
    const next = all[Math.max(0, Math.min(all.length - 1, index))];
    if (!next) return;
    all.forEach((row) => row.classList.toggle("is-current", row === next));
    next.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, textarea, select, dialog") || event.metaKey || event.ctrlKey) return;
    if (event.key === "j") go(current() + 1);
    else if (event.key === "k") go(current() - 1);
    else if (event.key === "Enter") rows()[current()]?.querySelector("a.cell-title")?.click();
  });
})();
