/* Taking an order: scans are queued, a chosen customer fills the fields, Ctrl+Enter finishes. */
(() => {
  "use strict";
  const form = document.getElementById("desk");
  const named = (name) => form.elements.namedItem(name);
  const find = document.getElementById("find");
  const adder = document.getElementById("add-line");

  /* Of two savings the later typed counts, even if it arrives first. */
  const turn = () => {
    named("turn").value = String(Math.max(Date.now(), Number(named("turn").value) + 1));
    return named("turn").value;
  };
  form.addEventListener("htmx:configRequest", ({ detail }) => {
    detail.parameters.turn = turn();
  });
  form.addEventListener("submit", turn);

  /* A scanner types faster than the server answers: one line after the other. */
  const waiting = [];
  let busy = false;
  const sendNext = () => {
    if (busy || !waiting.length) return;
    busy = true;
    const { text = "", sku = "" } = waiting.shift();
    named("add").value = text;
    named("add_sku").value = sku;
    htmx.trigger(adder, "click");
  };
  const add = (wanted) => {
    waiting.push(wanted);
    find.value = "";
    document.getElementById("find-options").replaceChildren();
    find.setAttribute("aria-expanded", "false");
    htmx.trigger(find, "htmx:abort");
    find.focus();
    sendNext();
  };
  adder.addEventListener("htmx:afterRequest", () => {
    busy = false;
    sendNext();
  });

  const fill = ({ name, address, mail }) => {
    if (name) named("receiver_name").value = name;
    if (address) named("address").value = address;
    if (mail) named("mail").value = mail;
    find.focus();
    form.dispatchEvent(new Event("change", { bubbles: true }));
  };
  form.addEventListener("taken", ({ target, detail }) => {
    if (target.matches("[data-goods]")) add({ sku: detail.value });
    if (target.matches("[data-customer]")) fill(detail);
  });
  form.addEventListener("input", ({ target }) => {
    if (target.name === "receiver_phone") named("customer").value = "";
  });

  /* Ctrl+Enter finishes from everywhere. Enter before the answer has come, or over the answer to
     fewer letters: what stands in the box counts, as a scanner needs it. */
  const enter = (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      event.stopPropagation();
      form.requestSubmit(form.querySelector("[data-finish]"));
      return;
    }
    if (event.target !== find) return;
    const text = find.value.trim();
    const [first] = document.querySelectorAll("#find-options [role=option]");
    const chosen = document.querySelector("#find-options [aria-selected=true]");
    if (chosen || (first && first.dataset.for === text)) return;
    event.preventDefault();
    event.stopPropagation();
    if (text) add({ text });
  };
  document.addEventListener("keydown", enter, { capture: true });

  const step = (input, by) => {
    input.value = String(Math.max(1, (parseInt(input.value, 10) || 0) + by));
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };
  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (event.defaultPrevented || event.isComposing) return;
    if (key === "Enter" && target.matches("#desk input")) {
      event.preventDefault();
      if (target.name.startsWith("line_")) find.focus();
    } else if (target.matches?.("[data-quantity]") && (key === "ArrowUp" || key === "ArrowDown")) {
      event.preventDefault();
      step(target, key === "ArrowUp" ? 1 : -1);
    }
  });
})();
