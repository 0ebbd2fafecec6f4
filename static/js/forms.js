'use strict';

// Small helps for forms and pages. Without this script each of them works all the same.

// data-reveal: shows and hides what is typed into a password field.
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

// data-countdown: a button that waits so many seconds and shows them. It goes by
// the clock, since a window in the background counts slowly.
for (const button of document.querySelectorAll('[data-countdown]')) {
  const words = button.textContent;
  const end = Date.now() + button.dataset.countdown * 1000;
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    button.disabled = left > 0;
    button.textContent = left > 0 ? button.dataset.countdownText.replace('%d', left) : words;
    if (left <= 0) clearInterval(timer);
  };
  const timer = setInterval(tick, 1000);
  tick();
}

// data-after: shown only when so many seconds have passed.
for (const late of document.querySelectorAll('[data-after]')) {
  late.hidden = true;
  setTimeout(() => { late.hidden = false; }, late.dataset.after * 1000);
}

// data-print: prints the page. The browser's own menu does the same.
for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => window.print());
}
