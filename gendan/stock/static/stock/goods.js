/* A list of goods by scanner: every scan adds a piece, a choice from the list adds a row. */
(() => {
  "use strict";
  const form = document.querySelector("[data-goods]");
  const body = document.getElementById("goods");
  const box = form.querySelector("[name=find]");
  const rowOf = (sku) => body.querySelector(`[data-sku="${CSS.escape(sku)}"]`);
  const flash = (row) => {
    row.classList.add("is-current");
    setTimeout(() => row.classList.remove("is-current"), 900);
  };
  const merge = (row) => {
    const there = rowOf(row.dataset.sku);
    if (!there) {
      body.prepend(row);
      return row;
    }
    const quantity = there.querySelector("[name=quantity]");
    quantity.value = Number(quantity.value || 0) + 1;
    return there;
  };
  const say = (kind, text) => document.dispatchEvent(new CustomEvent("toast", { detail: { kind, text } }));
  const add = async (asked) => {
    const place = form.elements.warehouse.value;
    const query = new URLSearchParams({ ...asked, warehouse: place, mode: form.dataset.goods });
    const answer = await fetch(`${body.dataset.rowUrl}?${query}`).catch(() => null);
    const text = answer ? await answer.text() : "";
    if (!answer?.ok) return say("error", text.trim());
    const holder = document.createElement("template");
    holder.innerHTML = text.trim();
    const row = merge(holder.content.firstElementChild);
    flash(row);
    if (!asked.text) row.querySelector("[name=quantity]").select();
  };
  const clear = () => {
    box.value = "";
    box.setAttribute("aria-expanded", "false");
    form.querySelector(".options").replaceChildren();
  };
  form.addEventListener("taken", ({ detail }) => {
    clear();
    add({ sku: detail.value });
  });
  form.addEventListener("entered", ({ detail }) => {
    clear();
    if (detail.text.trim()) add({ text: detail.text.trim() });
  });
  form.addEventListener("click", ({ target }) => target.closest("[data-remove]")?.closest("tr").remove());
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.name !== "quantity") return;
    event.preventDefault();
    box.focus();
  });
})();
