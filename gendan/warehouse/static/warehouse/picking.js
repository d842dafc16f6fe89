/* The walk: keeps the ticks while the phone sleeps, and counts them. */
(() => {
  "use strict";
  const walk = document.querySelector(".walk");
  if (!walk) return;
  const place = `walk-${walk.dataset.wave}`;
  const ticks = [...walk.querySelectorAll("input[type=checkbox]")];
  const counter = document.querySelector("[data-ticked]");

  const count = () => {
    counter.textContent = ticks.filter((tick) => tick.checked).length;
  };

  const keep = () => {
    const fetched = ticks.filter((tick) => tick.checked).map((tick) => tick.value);
    localStorage.setItem(place, JSON.stringify(fetched));
    count();
  };

  const fetched = new Set(JSON.parse(localStorage.getItem(place) ?? "[]"));
  for (const tick of ticks) tick.checked = fetched.has(tick.value);
  walk.addEventListener("change", keep);
  document.getElementById("picked").addEventListener("submit", () => localStorage.removeItem(place));
  count();
})();
