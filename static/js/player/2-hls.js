// ladder lists the ways to play, best first: the element by itself, hls.js, and
// the source for browsers that can do neither.
const ladder = ({ form, hls, fallback, source }, media) => {
  const rungs = [];
  if (form !== 'hls' || media.canPlayType('application/vnd.apple.mpegurl')) rungs.push('native');
  if (form === 'hls' && hls && (window.ManagedMediaSource || window.MediaSource)) rungs.push('library');
  if (fallback && fallback !== source) rungs.push('fallback');
  return rungs.length ? rungs : ['native'];
};

let library = null; // the promise of hls.js

const loadLibrary = (url) => {
  library = library || new Promise((resolve, reject) => {
    const refuse = () => {
      library = null;
      reject(new Problem('library'));
    };
    const script = document.createElement('script');
    script.src = url;
    script.onload = () => (window.Hls && window.Hls.isSupported() ? resolve() : refuse());
    script.onerror = refuse;
    document.head.append(script);
  });
  return library;
};

// attachLibrary plays a manifest with hls.js. Playlists and segments beside the
// manifest get its token, unless they bring a query of their own.
const attachLibrary = (media, address, onFatal) => {
  const { origin } = new URL(address, location.href);
  const mark = address.indexOf('?');
  const query = mark < 0 ? '' : address.slice(mark); // as it is: encoding it would spoil it
  const hls = new window.Hls({
    enableWorker: false, // sound alone is little work, and no worker-src is needed
    liveDurationInfinity: true,
    backBufferLength: 30,
    // Cues would need a <track> with a data: address, which the policy forbids.
    enableDateRangeMetadataCues: false,
    enableEmsgMetadataCues: false,
    enableID3MetadataCues: false,
    xhrSetup: (xhr, url) => {
      if (url.includes('?') || new URL(url, address).origin !== origin) return;
      xhr.open('GET', url + query, true);
    },
  });
  hls.on(window.Hls.Events.ERROR, (_, data) => {
    if (data.fatal) onFatal(hls);
  });
  hls.loadSource(address);
  hls.attachMedia(media);
  return hls;
};
