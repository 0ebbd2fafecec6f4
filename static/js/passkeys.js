'use strict';

/*
 * Passkeys: signing in and adding one. The server writes what to ask a device
 * for, this script passes it on and brings the answer back. Without it, or in a
 * browser that knows no passkeys, the buttons stay hidden and the password form
 * works all the same.
 *
 *   data-passkey-login, data-passkey-add   a button; the value is where to begin
 *   data-finish                            where its answer goes
 *   data-next                              where a login leads
 *   data-passkey-problem                   where it says what went wrong, with
 *     data-cancelled, data-failed, data-unsupported and, if wanted, data-held:
 *     the device has a passkey of this account already
 *   data-passkey-absent                    is shown where there are no passkeys
 *
 * A field with autocomplete="… webauthn" offers passkeys among its suggestions.
 */
{
  const FRESH = 4 * 60 * 1000; // the server forgets what it asked after 5 minutes

  const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
  const toText = (buffer) => {
    const binary = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join('');
    return btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  };

  // Newer browsers read and write the JSON of the server by themselves.
  const native = (name) => typeof window.PublicKeyCredential[name] === 'function';
  const listed = (list) => (list || []).map((entry) => ({ ...entry, id: toBytes(entry.id) }));
  const creation = (json) => (native('parseCreationOptionsFromJSON')
    ? PublicKeyCredential.parseCreationOptionsFromJSON(json)
    : {
      ...json,
      challenge: toBytes(json.challenge),
      user: { ...json.user, id: toBytes(json.user.id) },
      excludeCredentials: listed(json.excludeCredentials),
    });
  const request = (json) => (native('parseRequestOptionsFromJSON')
    ? PublicKeyCredential.parseRequestOptionsFromJSON(json)
    : { ...json, challenge: toBytes(json.challenge), allowCredentials: listed(json.allowCredentials) });

  const PARTS = ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'];
  const written = (credential) => {
    try {
      return credential.toJSON();
    } catch {
      // An older browser, or a password manager that imitates a credential badly.
    }
    const { response } = credential;
    const answer = { transports: response.getTransports ? response.getTransports() : undefined };
    for (const part of PARTS) if (response[part]) answer[part] = toText(response[part]);
    return {
      id: credential.id,
      rawId: toText(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment || undefined,
      clientExtensionResults: {},
      response: answer,
    };
  };

  // Refused is the server's no, in its own words where it has some.
  class Refused extends Error {}

  const post = async (url, content, signal) => {
    const headers = { Accept: 'application/json' };
    if (content) headers['Content-Type'] = 'application/json';
    const body = content && JSON.stringify(content);
    const response = await fetch(url, { method: 'POST', headers, body, credentials: 'same-origin', cache: 'no-store', signal });
    const answer = (await response.json().catch(() => null)) || {};
    if (!response.ok) throw new Refused(typeof answer.error === 'string' ? answer.error : '');
    return answer;
  };

  const finish = async (button, id, credential) => {
    const { finish: url, next } = button.dataset;
    const answer = await post(url, { id, next, answer: written(credential) });
    if (!/^\/(?![/\\])/.test(answer.next)) throw new Refused();
    location.assign(answer.next);
  };

  const problem = document.querySelector('[data-passkey-problem]');
  const say = (text) => {
    if (!problem) return;
    problem.textContent = text;
    problem.hidden = !text;
  };
  const explain = (error) => {
    const words = problem ? problem.dataset : {};
    const known = {
      AbortError: words.cancelled,
      NotAllowedError: words.cancelled, // also when the time is over
      InvalidStateError: words.held,
      ConstraintError: words.unsupported,
      NotSupportedError: words.unsupported,
      SecurityError: words.unsupported, // the page has another name than the site
    };
    say((error instanceof Refused ? error.message : known[error.name]) || words.failed || '');
  };

  // bind makes a button run a job, once at a time.
  const bind = (button, job) => {
    button.hidden = false;
    button.addEventListener('click', async () => {
      button.disabled = true;
      button.setAttribute('aria-busy', 'true');
      say('');
      try {
        await job();
      } catch (error) {
        explain(error);
      } finally {
        button.disabled = false;
        button.removeAttribute('aria-busy');
      }
    });
  };

  const add = async (button) => {
    const { id, options } = await post(button.dataset.passkeyAdd);
    await finish(button, id, await navigator.credentials.create({ publicKey: creation(options.publicKey) }));
  };

  const login = async (button) => {
    const { id, options } = await post(button.dataset.passkeyLogin);
    await finish(button, id, await navigator.credentials.get({ publicKey: request(options.publicKey) }));
  };

  // suggest offers passkeys in the suggestions of a field, from the moment that
  // somebody goes there: a mere view of the page must not make the server write.
  // It returns what ends the offer; a browser takes one request at a time.
  const suggest = (button, field) => {
    let offer = null; // what ends it, and since when it stands
    const end = () => {
      if (offer) offer.abort.abort();
      offer = null;
    };
    const begin = async () => {
      const untouched = navigator.userActivation && !navigator.userActivation.hasBeenActive; // an autofocus
      if (untouched || (offer && Date.now() - offer.since < FRESH)) return;
      end();
      const mine = { abort: new AbortController(), since: Date.now() };
      const { signal } = mine.abort;
      offer = mine;
      let chosen = null;
      try {
        const { id, options } = await post(button.dataset.passkeyLogin, null, signal);
        chosen = await navigator.credentials.get({ publicKey: request(options.publicKey), mediation: 'conditional', signal });
        await finish(button, id, chosen);
      } catch (error) {
        if (chosen) explain(error); // nobody asked for what comes before
      }
      if (offer === mine) offer = null;
    };
    field.addEventListener('focus', begin);
    field.addEventListener('click', begin);
    return end;
  };

  const offerIn = async (button) => {
    const field = document.querySelector('input[autocomplete~="webauthn"]');
    if (!field || !native('isConditionalMediationAvailable')) return () => {};
    return (await PublicKeyCredential.isConditionalMediationAvailable()) ? suggest(button, field) : () => {};
  };

  if (window.PublicKeyCredential) {
    for (const button of document.querySelectorAll('[data-passkey-add]')) bind(button, () => add(button));
    const buttons = [...document.querySelectorAll('[data-passkey-login]')];
    const offered = buttons.length ? offerIn(buttons[0]).catch(() => () => {}) : null;
    for (const button of buttons) {
      bind(button, async () => {
        (await offered)();
        await login(button);
      });
    }
  } else {
    for (const element of document.querySelectorAll('[data-passkey-absent]')) element.hidden = false;
  }
}
