/*
 * Usher's player. The page works without it: the server renders a real <audio>
 * or <iframe> with a fresh token in its address. This script keeps it playing:
 * it asks for a new token when the old one is stale, connects again when the
 * connection is lost, and says in words what is going on.
 *
 * What it believes: a media error has no reason (a refused stream looks like a
 * lost one), and only a rising currentTime proves that something plays.
 *
 * The state also stands in data-status of the section, as one of the names of
 * the texts: idle connecting playing playing_live paused reconnecting renewing
 * renewed ended refused offline failed busy.
 *
 * The files of this folder are one script: the server joins them in the order
 * of their names, inside one strict function.
 */

// All in seconds.
const MARGIN = 30; // a token that ends sooner counts as stale
const PAUSE_LIMIT = 10; // a radio paused for longer joins live again
const START_LIMIT = 12; // silence after a start means that it failed
const STALL_LIMIT = 10; // silence after sound means that it is lost
const STEADY = 10; // sound for so long means that all is well again
const ASK_LIMIT = 15; // for our own server's answer
const RELOAD_LIMIT = 300; // between two reloads of the page by this script
const BACKOFF = [1, 2, 4, 8, 15, 30];

// Two clocks: the monotonic one may stand still while a device sleeps, the
// other one may be set. Whichever says more counts.
const now = () => [performance.now(), Date.now()];
const since = (mark) => Math.max(performance.now() - mark[0], Date.now() - mark[1]) / 1000;

// stored reads, or with a value writes, one small thing; storage may be off.
const stored = (storage, key, value) => {
  try {
    if (value !== undefined) window[storage].setItem(key, value);
    return window[storage].getItem(key);
  } catch {
    return null;
  }
};

const reloadKey = 'usher.reloaded ' + location.pathname;

// reloadOnce shows what the server says now, but never goes round in circles.
const reloadOnce = () => {
  const last = Number(stored('sessionStorage', reloadKey));
  if (Math.abs(Date.now() - last) < RELOAD_LIMIT * 1000) return;
  const remembered = stored('sessionStorage', reloadKey, Date.now()) !== null;
  const [visit] = performance.getEntriesByType('navigation');
  if (!remembered && (!visit || visit.type === 'reload')) return;
  setTimeout(() => location.reload(), 1500); // time to read why
};

// Problem is why there is no new token: refused, busy or trouble.
class Problem extends Error {
  constructor(kind, answer = {}, after = 0) {
    super(kind);
    this.kind = kind;
    this.text = typeof answer.error === 'string' ? answer.error : '';
    this.reload = answer.reload;
    this.after = Math.min(Math.max(after, 1), 300);
  }

  static of(response, answer) {
    const { status } = response;
    if (status === 429 || status === 503) {
      return new Problem('busy', answer, Number(answer.retry_after || response.headers.get('Retry-After')) || 5);
    }
    if (status === 401 || status === 403) return new Problem('refused', { reload: true, ...answer });
    return new Problem(status >= 400 && status < 500 && answer.error ? 'refused' : 'trouble', answer);
  }
}

// Player is what both kinds share: words, the token and one timer. A turn ends
// whatever was under way: what comes back in an older turn is dropped.
class Player {
  constructor(root, media) {
    this.root = root;
    this.media = media;
    this.line = root.querySelector('[data-state]');
    this.source = root.dataset.source || '';
    this.form = root.dataset.form;
    this.beat = new Beat(root);
    this.turn = 0;
    this.timer = 0;
    this.attempt = 0;
    this.accept(root.dataset.freshFor, [0, performance.timeOrigin]);
    try {
      this.texts = JSON.parse(root.querySelector('[data-texts]').dataset.texts) || {};
    } catch {
      this.texts = {};
    }
  }

  say(status, text) {
    const words = (text || this.texts[status] || '').replace('{n}', this.attempt);
    this.root.dataset.status = status;
    if (this.line && this.line.textContent !== words) this.line.textContent = words;
  }

  accept(freshFor, mark) {
    const life = Number(freshFor) || 0;
    this.life = life - Math.min(MARGIN, life / 2);
    this.minted = mark;
  }

  // expire makes the next start ask for a new token.
  expire() {
    this.accept(0, now());
  }

  stale() {
    return since(this.minted) >= this.life;
  }

  nextTurn() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.turn += 1;
    return this.turn;
  }

  later(seconds, action) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = 0;
      action();
    }, seconds * 1000);
  }

  // asking says that a token is asked for, unless a wait for it was announced.
  asking() {
    const { status } = this.root.dataset;
    if (status !== 'busy' && status !== 'reconnecting') this.say('renewing');
  }

  // renew asks for a new token and returns the address with it.
  async renew() {
    const asked = now();
    const abort = new AbortController();
    const limit = setTimeout(() => abort.abort(), ASK_LIMIT * 1000);
    let response;
    let answer;
    try {
      response = await fetch(this.root.dataset.renew, {
        method: 'POST',
        headers: { Accept: 'application/json' },
        body: new URLSearchParams({ source: this.source, play: this.beat.name || '' }),
        credentials: 'same-origin',
        cache: 'no-store',
        signal: abort.signal,
      });
      answer = (await response.json().catch(() => null)) || {};
    } catch {
      throw new Problem('trouble');
    } finally {
      clearTimeout(limit);
    }
    if (!response.ok) throw Problem.of(response, answer);
    if (!/^https?:\/\//.test(answer.url)) throw new Problem('trouble');
    this.accept(answer.fresh_for, asked);
    this.form = answer.form || this.form;
    this.beat.rename(answer.play);
    stored('sessionStorage', reloadKey, 0);
    return answer.url;
  }

  // again makes the next attempt after a growing, jittered pause.
  again(attempts, action) {
    this.nextTurn();
    if (navigator.onLine === false) {
      this.say('offline');
      this.later(30, () => this.again(attempts, action)); // should "online" never come
      return;
    }
    if (this.attempt >= attempts) {
      this.fail();
      return;
    }
    const pause = BACKOFF[Math.min(this.attempt, BACKOFF.length - 1)];
    this.attempt += 1;
    this.say('reconnecting');
    this.later(pause * (0.8 + 0.4 * Math.random()), action);
  }

  // held tells whether the next attempt only waits for its time.
  held() {
    const { status } = this.root.dataset;
    return this.timer !== 0 && (status === 'offline' || status === 'reconnecting');
  }
}
