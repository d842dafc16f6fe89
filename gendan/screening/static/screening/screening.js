/* The reviewer's keyboard: j and k to the orders, digits to the remedies, c clears, r releases. */
(() => {
  "use strict";
  const all = (selector) => [...document.querySelectorAll(selector)];
  const rows = () => all("#desk [data-order-row]");
  const here = () => rows().findIndex((row) => row.hasAttribute("aria-current"));
  const press = (button) => button?.click();
  const keys = {
    j: () => press(rows()[here() + 1]),
    k: () => press(rows()[here() - 1]),
    c: () => press(all("#desk [data-clear]")[0]),
    r: () => press(all("#desk [data-release]")[0]),
  };
  const busy = (target) => target.closest("input, textarea, select, dialog") || document.querySelector("dialog[open]");
  document.addEventListener("keydown", (event) => {
    if (busy(event.target) || event.metaKey || event.ctrlKey || event.altKey) return;
    const act = /^[1-9]$/.test(event.key)
      ? () => press(all("#desk [data-remedy]")[Number(event.key) - 1])
      : Object.hasOwn(keys, event.key) && keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  document.addEventListener("htmx:afterSwap", () =>
    document.querySelector("#desk [aria-current=true]")?.scrollIntoView({ block: "nearest" }),
  );
})();
