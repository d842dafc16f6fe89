// Says how many SKUs the grid makes, while somebody types.
const form = document.querySelector("[data-grid]");
const told = form.querySelector("[data-grid-count]");

function valuesOf(name) {
  return new Set(form.elements[name].value.split(/[\s,，、;；]+/).filter(Boolean)).size;
}

function count() {
  const number = Math.max(valuesOf("first_values"), 1) * Math.max(valuesOf("second_values"), 1);
  told.textContent = `${told.dataset.text} ${number}`;
}

form.addEventListener("input", count);
count();
