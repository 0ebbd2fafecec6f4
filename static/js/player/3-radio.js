const RADIO_ATTEMPTS = 10;

// Radio plays a live stream in an <audio>.
class Radio extends Player {
  constructor(root, media) {
    super(root, media);
    this.address = media.getAttribute('src') || '';
    this.rungs = ladder(root.dataset, media);
    this.hls = null;
    this.wanted = false; // somebody wants to hear it
    this.trying = false; // the element is at it, or should be
    this.attached = false; // the element has a source that may be resumed
    this.pausedAt = null;
    this.listen();
    if (!this.address) this.expire();
    this.say('idle');
  }

  listen() {
    const { media } = this;
    media.addEventListener('timeupdate', () => this.observe());
    media.addEventListener('error', () => media.error && this.lost(1));
    media.addEventListener('ended', () => media.ended && this.finish());
    media.addEventListener('pause', () => this.trying && media.paused && !media.ended && this.pause());
    media.addEventListener('play', () => !this.wanted && !media.paused && this.play());
    window.addEventListener('online', () => this.held() && this.join(true));
    window.addEventListener('pagehide', () => this.wanted && this.pause());
    window.addEventListener('pageshow', (event) => event.persisted && this.expire());
    setInterval(() => this.observe(), 500);
  }

  say(status, text) {
    super.say(status, text);
    const button = this.root.querySelector('[data-play]');
    const label = this.wanted ? this.texts.pause : this.texts.play;
    if (button && label && button.getAttribute('aria-label') !== label) button.setAttribute('aria-label', label);
    if (navigator.mediaSession) navigator.mediaSession.playbackState = this.wanted ? 'playing' : 'paused';
  }

  toggle() {
    if (this.wanted) this.pause();
    else this.play();
  }

  // play is called at a gesture. What can be done at once is done at once,
  // since some browsers refuse to start anything later.
  play() {
    const paused = this.pausedAt;
    this.wanted = true;
    this.attempt = 0;
    this.misses = 0; // failures in a row without any sound
    this.asked = false; // a first failure has been answered with a new token
    this.pausedAt = null;
    if (paused && this.attached && since(paused) <= PAUSE_LIMIT) {
      this.nextTurn();
      this.start();
    } else {
      this.join(paused !== null || this.stale());
    }
  }

  pause() {
    this.pausedAt = now();
    this.rest('paused');
  }

  stop() {
    this.expire();
    this.rest('idle');
    this.media.removeAttribute('src');
    this.media.load();
  }

  fail() {
    this.expire();
    this.rest('failed');
  }

  rest(status, text) {
    this.nextTurn();
    this.wanted = false;
    this.trying = false;
    this.media.pause();
    this.beat.stop();
    this.say(status, text);
  }

  expire() {
    super.expire();
    this.detach();
  }

  detach() {
    this.attached = false;
    if (this.hls) this.hls.destroy();
    this.hls = null;
  }

  // join connects on the present rung, with a new token if asked to.
  async join(fresh) {
    const turn = this.nextTurn();
    const { fallback, hls } = this.root.dataset;
    const change = this.rungs[0] === 'fallback' && this.source !== fallback;
    if (change) this.source = fallback;
    try {
      if (this.rungs[0] === 'library') await loadLibrary(hls);
      if (turn !== this.turn) return;
      if (fresh || change) {
        this.asking();
        const address = await this.renew();
        if (turn !== this.turn) return;
        this.address = address;
      }
    } catch (problem) {
      if (turn === this.turn) this.trouble(problem);
      return;
    }
    this.attach();
    this.start();
  }

  attach() {
    this.detach();
    if (this.rungs[0] === 'library') {
      this.hls = attachLibrary(this.media, this.address, (hls) => hls === this.hls && this.lost(1));
    } else {
      this.media.src = this.address;
    }
    this.attached = true;
  }

  start() {
    const { turn, media } = this;
    this.trying = true;
    this.moves = 0;
    this.spot = media.currentTime;
    this.moved = now();
    if (!this.attempt) this.say('connecting');
    Promise.resolve(media.play()).catch((error) => {
      if (error.name === 'NotAllowedError' && turn === this.turn) this.rest('renewed');
    });
  }

  // observe looks whether the sound goes on. One move may be the jump to the
  // live edge; two are sound.
  observe() {
    if (!this.trying) return;
    const at = this.media.currentTime;
    if (at === this.spot) {
      this.wait(since(this.moved));
      return;
    }
    if (at > this.spot) this.moves += 1;
    this.spot = at;
    this.moved = now();
    if (this.moves === 2) this.soundSince = now();
    if (this.moves < 2) return;
    this.beat.heard();
    this.worked = true; // on this rung
    this.misses = 0;
    if (since(this.soundSince) >= STEADY) this.attempt = 0;
    this.say(this.endless() ? 'playing_live' : 'playing');
  }

  wait(silence) {
    const sounded = this.moves > 1;
    if (silence > (sounded ? STALL_LIMIT : START_LIMIT)) this.lost(2);
    else if (sounded && silence > 2) this.say('connecting');
  }

  // lost is called when the sound broke off or never came. The weight says how
  // little hope there is in trying the same once more.
  lost(weight) {
    this.detach();
    if (!this.trying) return;
    this.trying = false;
    const silent = this.moves < 2;
    if (silent) this.misses += weight;
    if (this.misses >= (this.worked ? 4 : 2) && this.rungs.length > 1) {
      this.descend();
    } else if (silent && !this.asked && !this.attempt) {
      this.asked = true;
      this.join(true);
    } else {
      this.media.pause();
      this.again(RADIO_ATTEMPTS, () => this.join(true));
    }
  }

  descend() {
    this.rungs.shift();
    this.misses = 0;
    this.worked = false;
    this.join(this.stale());
  }

  // endless: a stream always is, whatever a browser thinks of its length. An
  // HLS playlist can be closed.
  endless() {
    return this.form !== 'hls' || !Number.isFinite(this.media.duration);
  }

  finish() {
    if (this.endless()) {
      this.lost(1);
      return;
    }
    this.expire();
    this.rest('ended');
  }

  trouble(problem) {
    if (problem.kind === 'refused') {
      this.expire();
      this.rest('refused', problem.text);
      if (problem.reload) reloadOnce();
    } else if (problem.kind === 'busy') {
      this.say('busy', problem.text);
      this.later(problem.after + Math.random(), () => this.join(true));
    } else if (problem.kind === 'trouble') {
      this.again(RADIO_ATTEMPTS, () => this.join(true));
    } else if (this.rungs.length > 1) {
      this.descend();
    } else {
      this.fail();
    }
  }
}
