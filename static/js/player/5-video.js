const VIDEO_ATTEMPTS = 4;
const PLAY_LIMIT = 10; // seconds without progress after "play": it was refused
const REST_LIMIT = 5; // seconds without progress while playing: it was paused
const STEP_LIMIT = 15; // a larger step of currentTime is a jump, not progress

// Video watches the supplier's player in an <iframe>. It tells us "play",
// "timeupdate" and "ended", and takes no orders. It says "play" for a refused
// stream too.
class Video extends Player {
  constructor(root, frame) {
    super(root, frame);
    this.reload = root.querySelector('[data-reload]');
    this.playing = false;
    this.pressed = false; // "play" was said, and nothing moved yet
    this.asked = false; // that has been answered with a new token
    this.spot = null; // where the frame says it is
    this.kept = 0; // where to go on when the frame is loaded again
    this.renewing = false;
    this.notBefore = 0;
    this.listen();
    this.say('idle');
  }

  listen() {
    const wake = () => document.visibilityState === 'visible' && this.wake();
    window.addEventListener('message', (event) => this.hear(event));
    window.addEventListener('online', () => this.held() && this.restore());
    window.addEventListener('pageshow', (event) => {
      if (event.persisted) this.expire();
      wake();
    });
    window.addEventListener('focus', wake);
    document.addEventListener('visibilitychange', wake);
    if (this.reload) {
      this.reload.addEventListener('click', () => {
        this.attempt = 0;
        this.restore();
      });
    }
  }

  // hear trusts nobody but the frame, and only as long as it shows a page of
  // the origin that we put there.
  hear({ origin, source, data }) {
    if (source !== this.media.contentWindow || origin !== new URL(this.media.src).origin) return;
    if (typeof data !== 'object' || data === null) return;
    if (data.type === 'play') this.press();
    else if (data.type === 'timeupdate' && Number.isFinite(data.currentTime)) this.progress(data.currentTime);
    else if (data.type === 'ended' && this.playing) this.finish();
  }

  press() {
    if (this.playing) return;
    this.pressed = true;
    if (this.renewing || this.timer) return; // something is on its way already
    this.say('connecting');
    this.later(PLAY_LIMIT, () => this.refused());
  }

  progress(at) {
    const step = this.spot === null ? 0 : at - this.spot;
    this.spot = at;
    if (step <= 0 || step > STEP_LIMIT) return;
    this.kept = at;
    this.playing = true;
    this.beat.heard();
    this.pressed = false;
    this.asked = false;
    this.attempt = 0;
    if (this.reload) this.reload.hidden = true;
    this.say('playing');
    this.later(REST_LIMIT, () => {
      this.playing = false;
      this.beat.stop();
      this.say('paused');
    });
  }

  finish() {
    this.nextTurn();
    this.playing = false;
    this.beat.stop();
    this.kept = 0;
    this.say('ended');
  }

  // refused: a "play" led to nothing. A new token helps once or not at all.
  refused() {
    if (this.asked) {
      this.fail();
      return;
    }
    this.asked = true;
    this.restore();
  }

  fail() {
    this.nextTurn();
    this.asked = false;
    this.pressed = false;
    this.say('failed');
    if (this.reload) this.reload.hidden = false;
  }

  // wake renews a stale token of a page that somebody comes back to.
  wake() {
    const busy = this.playing || this.pressed || this.timer || Date.now() < this.notBefore;
    if (!busy && this.stale() && this.media.getAttribute('src')) this.restore(true);
  }

  // restore loads the frame again with a new token, at the same spot.
  async restore(quiet = false) {
    if (this.renewing) return;
    this.renewing = true;
    this.nextTurn();
    if (!quiet) this.asking();
    try {
      const address = await this.renew();
      this.attempt = 0;
      if (this.playing) return; // it went on by itself in the meantime
      this.show(address);
      this.say(quiet && !this.pressed ? 'idle' : 'renewed');
      this.pressed = false;
    } catch (problem) {
      this.trouble(problem, quiet && !this.pressed);
    } finally {
      this.renewing = false;
    }
  }

  // show puts a new frame in the place of the old one. Changing the address of
  // the old one would add a step to the browser's history.
  show(address) {
    const old = this.media;
    const start = Math.floor(this.kept);
    const focused = document.activeElement === old;
    const frame = old.cloneNode(false);
    frame.src = start > 0 ? address + (address.includes('?') ? '&' : '?') + 't=' + start : address;
    this.media = frame;
    this.spot = null;
    if (this.reload) this.reload.hidden = true;
    old.replaceWith(frame);
    if (focused) frame.focus();
  }

  trouble(problem, quiet) {
    if (problem.kind === 'refused') {
      this.pressed = false;
      this.say('refused', problem.text);
      if (this.reload) this.reload.hidden = false;
      if (problem.reload) reloadOnce();
    } else if (quiet) {
      this.notBefore = Date.now() + problem.after * 1000;
    } else if (problem.kind === 'busy') {
      this.say('busy', problem.text);
      this.later(problem.after + Math.random(), () => this.restore());
    } else {
      this.again(VIDEO_ATTEMPTS, () => this.restore());
    }
  }
}
