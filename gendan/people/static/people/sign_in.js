/* Demo accounts fill the form; the person still signs in with the button. */
(() => {
  "use strict";
  const form = document.getElementById("sign-in");
  const picks = [...document.querySelectorAll(".quick-pick")];
  const choose = (chosen) => {
    form.elements.username.value = chosen.dataset.username;
    form.elements.password.value = chosen.dataset.password;
    picks.forEach((pick) => pick.setAttribute("aria-pressed", String(pick === chosen)));
    form.querySelector("button.primary").focus();
  };
  picks.forEach((pick) => pick.addEventListener("click", () => choose(pick)));
})();
