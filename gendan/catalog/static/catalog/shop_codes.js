// A SKU taken from the box of a shop code maps the code at once.
document.addEventListener("taken", (event) => {
  const box = event.target.closest("[data-map]");
  if (!box) return;
  htmx.ajax("POST", box.dataset.map, {
    source: box,
    target: box.dataset.place,
    swap: "outerHTML",
    values: { sku: event.detail.value },
  });
});
