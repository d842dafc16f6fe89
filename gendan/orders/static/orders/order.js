/* An act that wants a reason: ask for it, then do it. */
(() => {
  "use strict";
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-why]");
    if (!button) return;
    const dialog = document.getElementById("why");
    dialog.querySelector("form").action = button.dataset.why;
    dialog.querySelector("h2").textContent = button.textContent.trim();
    dialog.showModal();
  });
})();
