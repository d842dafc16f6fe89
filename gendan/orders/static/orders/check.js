/* Checking: j and k walk, Space or Enter ticks, x writes what is wrong, Ctrl+Enter finishes. */
(() => {
  "use strict";
  let at = 0;
  const rows = () => [...document.querySelectorAll("#check [data-item]")];
  const show = () => {
    const all = rows();
    at = Math.max(0, Math.min(at, all.length - 1));
    all.forEach((row, number) => row.classList.toggle("is-current", number === at));
    all[at]?.scrollIntoView({ block: "nearest" });
  };
  const firstOpen = () => {
    const open = rows().findIndex((row) => !row.classList.contains("is-done"));
    if (open >= 0) at = open;
    show();
  };
  const acts = {
    j: () => (at += 1),
    k: () => (at -= 1),
    ArrowDown: () => (at += 1),
    ArrowUp: () => (at -= 1),
    " ": () => rows()[at]?.querySelector("[data-right]")?.click(),
    Enter: () => rows()[at]?.querySelector("[data-right]")?.click(),
    x: () => {
      const wrong = rows()[at]?.querySelector("[data-wrong]");
      if (!wrong) return;
      wrong.open = true;
      wrong.querySelector("input").focus();
    },
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      document.querySelector("#finish button:not([disabled])")?.click();
    } else if (!event.ctrlKey && !event.metaKey && !event.altKey && acts[event.key]) {
      if (event.target.closest("input, select, textarea, button, a, summary")) return;
      event.preventDefault();
      acts[event.key]();
      show();
    }
  });
  document.addEventListener("htmx:afterSwap", firstOpen);
  firstOpen();
})();
