/* The second reading: final only when everything is ticked; Enter ticks and goes to the next. */
(() => {
  "use strict";
  const form = document.getElementById("reading");
  const ticks = [...form.querySelectorAll("[name=ticked]")];
  const finals = [...form.querySelectorAll("[data-final]")];
  const [next, final] = finals;
  const look = () => {
    const ready = ticks.every((tick) => tick.checked);
    finals.forEach((button) => (button.disabled = !ready));
    return ready;
  };
  const tick = (box) => {
    box.checked = true;
    const ready = look();
    (ready ? final : ticks.find((other) => !other.checked)).focus();
  };
  form.addEventListener("change", look);
  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (look()) form.requestSubmit(final);
    } else if (key === "Enter" && target.name === "ticked") {
      event.preventDefault();
      tick(target);
    } else if (key === "n" && !target.matches("input:not([type=checkbox]), select, textarea") && look()) {
      event.preventDefault();
      form.requestSubmit(next);
    }
  });
  look();
})();
