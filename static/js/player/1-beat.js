const BEAT_EVERY = 60; // seconds between two reports that it plays
const BEAT_KEEP = 86400; // seconds for which a name outlives its page

// Beat reports that the player really plays, and when it stopped: the station
// sees how many listen. It sends the name that the page gave it and nothing else.
class Beat {
  constructor(root) {
    this.url = root.dataset.beat;
    this.name = root.dataset.playName;
    this.sent = null; // when the last report went out
    this.playing = false; // as last reported
    this.key = 'usher.play ' + this.url;
    this.resume();
    window.addEventListener('pagehide', () => this.stop());
  }

  // resume goes on under the name that this tab had before it was loaded again, so
  // that a reload is no new play. Who is signed in has the same name anyway.
  resume() {
    if (!this.url || !this.name) return;
    const [before, at] = (stored('sessionStorage', this.key) || '').split(' ');
    if (before && before !== this.name && Math.abs(Date.now() - Number(at)) < BEAT_KEEP * 1000) {
      this.send({ play: before, instead: this.name });
      this.name = before;
    }
    this.remember();
  }

  remember() {
    stored('sessionStorage', this.key, this.name + ' ' + Date.now());
  }

  // rename takes the name that came with a new token.
  rename(name) {
    if (!name || !this.url) return;
    this.name = name;
    this.remember();
  }

  // heard is called while it plays, as often as one likes.
  heard() {
    if (this.sent && since(this.sent) < BEAT_EVERY) return;
    this.sent = now();
    this.playing = true;
    this.send({ play: this.name });
    this.remember();
  }

  stop() {
    if (!this.playing) return;
    this.playing = false;
    this.send({ play: this.name, stop: '1' });
  }

  // send waits for no answer, and goes out even when the page is left.
  send(form) {
    if (!this.url || !this.name || !navigator.sendBeacon) return;
    try {
      navigator.sendBeacon(this.url, new URLSearchParams(form));
    } catch {
      // the browser does not want to: nobody but the station's figures miss it
    }
  }
}
