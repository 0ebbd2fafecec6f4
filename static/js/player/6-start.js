for (const root of document.querySelectorAll('[data-player]')) {
  const media = root.querySelector('[data-media]');
  if (media instanceof HTMLAudioElement) {
    const radio = new Radio(root, media);
    drawControls(root, radio);
    bindKeys(root, radio);
    bindSession(root, radio);
  } else if (media instanceof HTMLIFrameElement) {
    new Video(root, media);
  }
}
