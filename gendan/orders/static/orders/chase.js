/* Speaking about payment: digits choose the reason, c copies, n skips, Ctrl+Enter goes to the next. */
(() => {
  "use strict";
  const one = (selector) => document.querySelector(selector);
  const form = one("#talk");
  const words = () => one("#talk textarea[name=text]");
  const say = (text) => {
    if (text) words().value = text;
    words().focus();
  };
  const copy = () => {
    const detail = { text: words().value };
    document.dispatchEvent(new CustomEvent("copy-text", { detail }));
  };

  document.addEventListener("change", ({ target }) => {
    if (target.matches("#talk input[name=reason]")) say(target.dataset.text);
    const at = one("#id_will_pay_at");
    if (target.matches("#talk [name=outcome]") && at) {
      at.value = target.value === "WILL_PAY" ? at.value || form.dataset.suggest : "";
    }
  });
  document.addEventListener("click", ({ target }) => {
    const help = target.closest("[data-help]");
    if (help) say(help.dataset.text);
    if (target.closest("[data-copy-words]")) copy();
  });

  const typing = (target) => target.closest("input:not([type=radio]), textarea, select, dialog");
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && form) {
      form.querySelector("button[name=next]")?.click(); // never past the second question
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const picked = one(`#talk [data-pick="${CSS.escape(event.key)}"]`);
    const act = picked
      ? () => picked.click()
      : { c: form && copy, n: () => one("[data-skip]")?.click() }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
})();
