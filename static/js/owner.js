'use strict';

// Small helps for the owner area. Without this script its pages work all the same.

// data-copy: puts the value of a field on the clipboard; the field itself is
// selected when it is entered.
for (const button of document.querySelectorAll('[data-copy]')) {
  const field = document.getElementById(button.dataset.copy);
  const words = button.textContent;
  field.addEventListener('focus', () => field.select());
  button.hidden = !navigator.clipboard; // only pages of https have one
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(field.value);
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = words; }, 3000);
  });
}

// data-unsaved: a form whose words are not lost without a question. The value
// "typed" says that the page came with words that are not saved yet.
for (const form of document.querySelectorAll('form[data-unsaved]')) {
  const words = () => new URLSearchParams(new FormData(form)).toString();
  const saved = form.dataset.unsaved === 'typed' ? null : words();
  let sending = false;
  form.addEventListener('submit', () => { sending = true; });
  addEventListener('pageshow', () => { sending = false; }); // back again
  addEventListener('beforeunload', (event) => {
    if (!sending && words() !== saved) event.preventDefault();
  });
}
