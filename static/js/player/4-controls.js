// drawControls puts our controls over those of the browser.
const drawControls = (root, radio) => {
  const { media } = radio;
  const find = (name) => root.querySelector('[data-' + name + ']');
  const [controls, play, volume, mute] = ['controls', 'play', 'volume', 'mute'].map(find);
  if (!controls || !play) return;
  controls.hidden = false;
  media.removeAttribute('controls');
  play.addEventListener('click', () => radio.toggle());
  const show = () => {
    if (mute) mute.setAttribute('aria-pressed', String(media.muted));
    if (volume) volume.value = String(Math.round(media.volume * 100));
  };
  media.addEventListener('volumechange', show);
  if (mute) {
    mute.addEventListener('click', () => {
      media.muted = !media.muted;
    });
  }
  if (volume) bindVolume(media, volume);
  show();
};

// bindVolume remembers the volume, and hides the slider on iOS, which forgets
// a volume that a page sets, at once or a moment later.
const bindVolume = (media, slider) => {
  const key = 'usher.volume';
  const remembered = Number(stored('localStorage', key) || 100);
  if (remembered > 0 && remembered <= 100) media.volume = remembered / 100;
  slider.addEventListener('input', () => {
    media.volume = Number(slider.value) / 100;
    media.muted = false;
    stored('localStorage', key, slider.value);
  });
  const probe = document.createElement('audio');
  probe.volume = 0.5;
  setTimeout(() => {
    slider.hidden = probe.volume !== 0.5;
  }, 0);
};

// bindKeys: space works on the whole page, letters only inside the player, so
// that nobody who dictates or tabs about starts things by chance (WCAG 2.1.4).
const bindKeys = (root, radio) => {
  const typing = 'input:not([type=range]), textarea, select, [contenteditable]';
  const spaced = 'button, summary, audio, video, [role=button]';
  document.addEventListener('keydown', (event) => {
    const at = event.target instanceof Element ? event.target : document.body;
    if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    if (at.closest(typing)) return;
    const key = event.key.toLowerCase();
    if ((key === ' ' && !at.closest(spaced)) || (key === 'k' && root.contains(at))) radio.toggle();
    else if (key === 'm' && root.contains(at)) radio.media.muted = !radio.media.muted;
    else return;
    event.preventDefault();
  });
};

// bindSession serves the lock screen and the keys of a headset.
const bindSession = (root, radio) => {
  const session = navigator.mediaSession;
  if (!session || !window.MediaMetadata) return;
  const { title = '', site = '', poster = '' } = root.dataset;
  session.metadata = new MediaMetadata({ title, artist: site, artwork: poster ? [{ src: poster }] : [] });
  const actions = {
    play: () => radio.wanted || radio.play(),
    pause: () => radio.wanted && radio.pause(),
    stop: () => radio.stop(),
  };
  for (const [name, action] of Object.entries(actions)) {
    try {
      session.setActionHandler(name, action);
    } catch {
      // this browser does not know the action
    }
  }
};
