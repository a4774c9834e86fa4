// Only what HTML cannot do by itself. Everything works without this file.
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]");
  if (token) event.detail.headers["X-CSRFToken"] = token.value;
});

// A problem (4xx) is an answer too: show it in place.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { status } = event.detail.xhr;
  if (status === 422 || status === 409) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

// A reply longer than a second in the making is announced.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button || button.dataset.busy === undefined) return;
  setTimeout(() => {
    button.setAttribute("aria-busy", "true");
    button.textContent = button.dataset.busy;
  }, 0);
});

// All departments have answered and nobody has typed yet: show the form they filled.
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form) form.dataset.touched = "";
});
document.addEventListener("htmx:afterSwap", () => {
  const form = document.getElementById("draft");
  if (!form || form.dataset.touched !== undefined) return;
  if (document.querySelector("[data-refresh]")) window.location.reload();
});

// A live region that is done reloads the page around it once.
document.addEventListener("htmx:afterSwap", () => {
  if (document.querySelector("[data-reload]")) window.location.reload();
});

// The same words again are no news: a reader is told only what is new.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target, fragment } = event.detail;
  if (target.id === "headline" && fragment.textContent.trim() === target.textContent.trim()) {
    event.detail.shouldSwap = false;
  }
});

// What is wrong is the first thing that is read out.
document.querySelector(".problems")?.focus();

// A click on a table row opens what its first link names.
document.addEventListener("click", (event) => {
  const row = event.target.closest("tr[data-open]");
  if (!row || event.target.closest("a, button, input, label, select")) return;
  row.querySelector("a").click();
});

// A paper's own button; without this file the browser's menu prints as well.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
