/* The one list: keyboard, selection, the batch bar, and completion in the search box. */
(() => {
  "use strict";
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const list = () => one("[data-list]");
  const form = () => one("[data-rows]");
  const rows = () => all("[data-row]");
  const boxes = () => all("[data-row] input[name=ids]");
  let current = -1;
  let anchor = -1;

  /* Selection. */
  const everything = () => form()?.elements.everything;
  const paint = () => {
    const ticked = boxes().filter((box) => box.checked);
    boxes().forEach((box) => box.closest("[data-row]").classList.toggle("is-selected", box.checked));
    const bar = one("[data-batch]");
    if (!bar) return;
    const whole = everything().value === "1";
    bar.hidden = !ticked.length;
    one("[data-chosen]", bar).textContent = whole ? form().dataset.found : ticked.length;
    const more = one("[data-everything]", bar);
    if (more) more.hidden = whole || ticked.length < boxes().length;
    all("[data-not-everything]", bar).forEach((button) => (button.disabled = whole));
    const head = one("[data-all]");
    head.checked = ticked.length > 0 && ticked.length === boxes().length;
    head.indeterminate = ticked.length > 0 && !head.checked;
  };
  const tick = (box, checked) => {
    box.checked = checked;
    everything().value = "";
  };
  const tickAll = (checked) => {
    boxes().forEach((box) => tick(box, checked));
    paint();
  };
  const tickTo = (at) => {
    const [from, to] = [Math.min(anchor, at), Math.max(anchor, at)];
    boxes().forEach((box, index) => index >= from && index <= to && tick(box, true));
    paint();
  };
  const toggle = (at, range) => {
    const box = boxes()[at];
    if (!box) return;
    if (range && anchor >= 0) return tickTo(at);
    anchor = at;
    tick(box, !box.checked);
    paint();
  };

  /* The row under the keyboard. */
  const go = (at) => {
    const shown = rows();
    if (!shown.length) return;
    current = Math.max(0, Math.min(at, shown.length - 1));
    shown.forEach((row, index) => row.classList.toggle("is-current", index === current));
    shown[current].scrollIntoView({ block: "nearest" });
  };
  const open = () => one("[data-open-row]", rows()[current] || list())?.click();
  const turn = (way) => one(`.pager [rel=${way}]`)?.click();
  const keys = {
    j: () => go(current + 1),
    k: () => go(current - 1),
    x: () => toggle(current, false),
    X: () => toggle(current, true),
    a: () => tickAll(!boxes().every((box) => box.checked)),
    n: () => one("[data-new]")?.click(),
    Enter: () => current >= 0 && open(),
    Escape: () => tickAll(false),
    "]": () => turn("next"),
    "[": () => turn("prev"),
  };
  const busy = (target) =>
    target.closest?.("input:not([type=checkbox]), select, textarea, [contenteditable], dialog, details[open]") ||
    one("dialog[open]");
  document.addEventListener("keydown", (event) => {
    if (!list() || event.ctrlKey || event.metaKey || event.altKey) return;
    if (busy(event.target) || !Object.hasOwn(keys, event.key)) return;
    if (event.key === "Enter" && event.target.closest?.("a, button, summary, label")) return;
    keys[event.key]();
    event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest(selector);
    if (on("[data-none]")) return tickAll(false);
    if (on("[data-everything]")) {
      everything().value = "1";
      return paint();
    }
    if (on("[data-row] input[name=ids]")) {
      const at = boxes().indexOf(event.target);
      if (event.shiftKey && anchor >= 0) tickTo(at);
      anchor = at;
      everything().value = "";
      return paint();
    }
    const row = on("[data-row]");
    if (!row || on("a, button, input, label, summary") || String(getSelection())) return;
    go(rows().indexOf(row));
    one("[data-open-row]", row)?.click();
  });
  document.addEventListener("change", ({ target }) => {
    if (target.matches("[data-all]")) tickAll(target.checked);
  });

  /* Search: suggestions come from the list's own address; frame.js moves through them. */
  let waiting = 0;
  let asked = 0;
  const input = () => one("#list-q");
  const options = () => one("#list-q-options");
  const close = () => {
    asked += 1;
    clearTimeout(waiting);
    options()?.replaceChildren();
    input()?.setAttribute("aria-expanded", "false");
  };
  const draw = (offer, index) => {
    const option = document.createElement("div");
    option.className = "option";
    option.id = `list-q-option-${index}`;
    option.setAttribute("role", "option");
    option.dataset.text = offer.text;
    option.dataset.cursor = offer.cursor;
    option.append(offer.label);
    const note = document.createElement("span");
    note.className = "option-note";
    note.textContent = offer.detail;
    option.append(note);
    return option;
  };
  const ask = async () => {
    const mine = ++asked;
    const box = input();
    const query = new URLSearchParams({ complete: box.value, cursor: box.selectionStart });
    const answer = await fetch(`${location.pathname}?${query}`).catch(() => null);
    if (!answer?.ok || mine !== asked || box !== input()) return;
    const offers = await answer.json();
    if (mine !== asked) return;
    options().replaceChildren(...offers.map(draw));
    box.setAttribute("aria-expanded", String(offers.length > 0));
  };
  const askSoon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 120);
  };
  /* Enter searches unless an option is chosen; this comes before frame.js, which would take one. */
  const keyInSearch = (event) => {
    const offered = all("[role=option]", options());
    const chosen = offered.find((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "Tab" && !event.shiftKey && offered.length) {
      (chosen || offered[0]).click();
      event.preventDefault();
    } else if (event.key === "Enter" && !chosen) {
      event.stopImmediatePropagation();
    } else if (event.key === "Escape") {
      close();
      event.target.blur();
      event.preventDefault();
    } else if (event.key === "ArrowDown" && !offered.length) ask();
  };
  document.addEventListener(
    "keydown",
    (event) => event.target.id === "list-q" && !event.isComposing && keyInSearch(event),
    true,
  );
  document.addEventListener("compositionend", ({ target }) => target.id === "list-q" && askSoon());
  document.addEventListener("input", ({ target, isComposing }) => {
    if (target.id !== "list-q" || isComposing) return;
    one(".list-find-mirror")?.replaceChildren();
    target.removeAttribute("aria-invalid");
    askSoon();
  });
  document.addEventListener("taken", ({ target, detail }) => {
    if (!target.matches("[data-find]")) return;
    input().focus();
    input().setSelectionRange(Number(detail.cursor), Number(detail.cursor));
    ask();
  });
  document.addEventListener("submit", ({ target }) => target.matches("[data-search-form]") && close(), true);
  document.addEventListener("paste", (event) => {
    const lines = event.clipboardData?.getData("text").trim().split(/\s*[\r\n]+\s*/) ?? [];
    if (event.target.id !== "list-q" || lines.length < 2) return;
    event.preventDefault();
    event.target.setRangeText(lines.join(", "), event.target.selectionStart, event.target.selectionEnd, "end");
  });
  document.addEventListener("scroll", ({ target }) => {
    if (target.id === "list-q") one(".list-find-mirror").scrollLeft = target.scrollLeft;
  }, true);

  /* A fresh list: point at the mistake, forget the rows of the old one. */
  const begin = () => {
    current = anchor = -1;
    paint();
    const mistake = one("#list-mistake");
    if (!mistake || !input()) return;
    const [at, length] = [Number(mistake.dataset.position), Number(mistake.dataset.length)];
    input().focus();
    input().setSelectionRange(at, at + length);
  };
  document.addEventListener("htmx:afterSwap", ({ target }) => {
    if (target.id === "list" || target.matches?.("[data-list]") || one("[data-list]", target)) begin();
  });
  if (list()) begin();
})();
