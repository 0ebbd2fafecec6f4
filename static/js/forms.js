'use strict';

// Shows and hides what is typed into a password field. Without this script the
// button stays hidden and the field works all the same.
for (const button of document.querySelectorAll('[data-reveal]')) {
  const field = document.getElementById(button.dataset.reveal);
  const words = { password: button.textContent, text: button.dataset.hide };
  button.hidden = false;
  button.addEventListener('click', () => {
    field.type = field.type === 'password' ? 'text' : 'password';
    button.textContent = words[field.type];
    field.focus();
  });
}
