// What a message looks like. Content has the provider's shape for its type.

import { formatted, plainText } from '/sim/page/format.js';
import { h, icon, ticks, timeText } from '/sim/page/elements.js';
import { server } from '/sim/page/server.js';

const text = (value) => h('div', { class: 'text', dir: 'auto' }, formatted(value || ''));

/** A short description of a message, for quotes and the list of customers. */
export function summary(message) {
  const c = message.content || {};
  if (message.revoked) return 'Message deleted';
  switch (message.type) {
    case 'text': return plainText(c.body || '');
    case 'image': return c.caption ? plainText(c.caption) : 'Photo';
    case 'video': return c.caption ? plainText(c.caption) : 'Video';
    case 'audio': return c.voice ? 'Voice note' : 'Audio';
    case 'document': return c.filename || 'Document';
    case 'sticker': return 'Sticker';
    case 'location': return c.name || 'Location';
    case 'contacts': return 'Contact';
    case 'interactive': return plainText(c.button_reply?.title || c.list_reply?.title || c.body?.text || 'Message');
    case 'button': return c.text || '';
    case 'template': return plainText(c.rendered_text || 'Message');
    case 'call': return 'Voice call';
    default: return 'Message';
  }
}

function mediaPart(kind, c, played) {
  const source = c.id ? server.mediaUrl(c.id) : null;
  if (kind === 'image' || kind === 'sticker') {
    return h('a', { class: `photo photo-${kind}`, href: source, target: '_blank', rel: 'noopener' },
      source ? h('img', { src: source, alt: c.caption || 'Photo', loading: 'lazy' }) : icon('photo', 40));
  }
  if (kind === 'video') return h('video', { class: 'video', src: source, controls: true, preload: 'metadata' });
  if (kind === 'audio') return voice(source, c.id || '', played);
  const name = c.filename || 'Document';
  const ending = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1] || (c.mime_type || '').split('/').pop();
  return h('a', { class: 'file', href: source, download: name },
    h('span', { class: 'file-icon' }, icon('file', 26)),
    h('span', { class: 'file-name', dir: 'auto' }, name),
    h('span', { class: 'file-kind' }, (ending || 'file').slice(0, 12).toUpperCase()));
}

/** A voice note: the bars are drawn from its id, the sound is the file's. */
function voice(source, id, played = () => {}) {
  const sound = h('audio', { src: source, preload: 'metadata' });
  const bars = h('span', { class: 'bars', 'aria-hidden': 'true' });
  for (let i = 0; i < 28; i += 1) {
    const bar = h('i');
    const digit = id.charCodeAt(i % Math.max(id.length, 1)) || 48;
    bar.style.setProperty('--rise', `${20 + ((digit * (i + 3) * 37) % 80)}%`);
    bars.append(bar);
  }
  const length = h('span', { class: 'length' }, '–:––');
  const button = h('button', { type: 'button', class: 'play', 'aria-label': 'Play voice note' }, icon('play', 20));
  const show = (name, label) => {
    button.replaceChildren(icon(name, 20));
    button.setAttribute('aria-label', label);
  };
  button.addEventListener('click', () => (sound.paused ? sound.play().catch(() => {}) : sound.pause()));
  sound.addEventListener('play', () => { show('pause', 'Pause voice note'); played(); });
  for (const event of ['pause', 'ended']) sound.addEventListener(event, () => show('play', 'Play voice note'));
  sound.addEventListener('loadedmetadata', () => {
    const seconds = Number.isFinite(sound.duration) ? Math.round(sound.duration) : 0;
    length.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  });
  return h('div', { class: 'voice' }, button, bars, length, sound);
}

function interactivePart(c) {
  const reply = c.button_reply || c.list_reply;
  if (reply) return [text(reply.title), c.list_reply?.description && h('p', { class: 'fine', dir: 'auto' }, reply.description)];
  const header = c.header;
  return [
    header?.type === 'text' && h('p', { class: 'headline', dir: 'auto' }, header.text),
    header && header.type !== 'text' && mediaPart(header.type, header[header.type] || {}),
    text(c.body?.text),
    c.footer?.text && h('p', { class: 'fine', dir: 'auto' }, c.footer.text),
  ];
}

function contentPart(message, act) {
  const c = message.content || {};
  switch (message.type) {
    case 'text': return text(c.body);
    case 'image': case 'video': case 'audio': case 'document': case 'sticker':
      return [mediaPart(message.type, c, () => c.voice && act.play(message)), c.caption && text(c.caption)];
    case 'interactive': return interactivePart(c);
    case 'button': return text(c.text);
    case 'template': return text(c.rendered_text);
    case 'call': return h('p', {}, icon('mic', 16), ` Voice call, ${c.duration_s} s`);
    case 'location':
      return h('div', { class: 'place' }, icon('pin', 30), h('span', { dir: 'auto' }, c.name || 'Location'),
        h('span', { class: 'fine' }, c.address || `${c.latitude}, ${c.longitude}`));
    case 'contacts':
      return (Array.isArray(c) ? c : []).map((one) => h('p', { dir: 'auto' }, one.name?.formatted_name || 'Contact'));
    default: return h('p', { class: 'fine' }, `A message of type ${message.type}`);
  }
}

/** Buttons under a bubble; `act.tap` and `act.list` say what they do. */
function choices(message, act) {
  const c = message.content || {};
  if (message.type === 'template') {
    return (c.components || []).filter((part) => part.type === 'button' && part.sub_type === 'quick_reply').map((part) => {
      const payload = part.parameters?.[0]?.payload || '';
      return h('button', { type: 'button', class: 'choice', onclick: () => act.tap(message, payload, payload) }, payload);
    });
  }
  if (message.type !== 'interactive') return [];
  const action = c.action || {};
  if (c.type === 'list') {
    return [h('button', { type: 'button', class: 'choice', onclick: () => act.list(message) }, icon('list', 18), action.button)];
  }
  if (c.type === 'contact_request') {
    return [h('button', { type: 'button', class: 'choice', onclick: () => act.tap(message, 'share_number') }, 'Share phone number')];
  }
  if (c.type === 'cta_url') {
    const url = action.parameters?.url || '';
    return /^https?:/i.test(url)
      ? [h('a', { class: 'choice', href: url, target: '_blank', rel: 'noopener noreferrer' }, icon('link', 18), action.parameters.display_text)]
      : [];
  }
  return (action.buttons || []).map((button) =>
    h('button', { type: 'button', class: 'choice', dir: 'auto', onclick: () => act.tap(message, button.reply.id) },
      button.reply.title));
}

function quotePart(quoted, name, act) {
  if (!quoted) return null;
  const mine = quoted.from === 'customer';
  return h('button', { type: 'button', class: `quote ${mine ? 'quote-mine' : ''}`, onclick: () => act.show(quoted.id) },
    h('span', { class: 'quote-who' }, mine ? 'You' : name),
    h('span', { class: 'quote-text', dir: 'auto' }, summary(quoted)));
}

/** A long press, or the button of a mouse that stands for it. */
function hold(block, then) {
  let timer = 0;
  block.addEventListener('touchstart', () => { timer = setTimeout(then, 480); }, { passive: true });
  for (const event of ['touchend', 'touchmove', 'touchcancel']) block.addEventListener(event, () => clearTimeout(timer), { passive: true });
  block.addEventListener('contextmenu', (event) => {
    if (event.target.closest('a') || !getSelection().isCollapsed) return;
    event.preventDefault();
    clearTimeout(timer);
    then();
  });
}

/** The whole list item. `quoted` is the message it answers, if it is known here; `names`: who wrote both. */
export function bubble(message, quoted, names, act) {
  const mine = message.from === 'customer';
  if (message.status === 'failed') {
    const why = `${message.error?.code || ''} ${message.error?.title || ''}`.trim();
    return h('li', { class: 'note', 'data-id': message.id }, icon('blocked', 15), `An answer did not reach this phone: ${why}`);
  }
  const reactions = [message.reaction_of_business, message.reaction_of_customer].filter(Boolean);
  const foot = h('span', { class: 'foot' }, message.edited && 'edited', h('time', {}, timeText(message.at_ms)),
    mine && !message.revoked && ticks(message.status));
  const body = message.revoked
    ? [h('p', { class: 'gone' }, icon('blocked', 16), mine ? 'You deleted this message' : 'This message was deleted')]
    : [!mine && message.author_name && h('p', { class: 'fine', dir: 'auto' }, message.author_name), quotePart(quoted, names.quoted, act), contentPart(message, act)];
  const opened = h('button', { type: 'button', class: 'open', tabindex: -1, 'aria-label': 'What to do with this message', 'aria-haspopup': 'menu' }, icon('down', 16));
  opened.addEventListener('click', () => act.menu(message, opened));
  const block = h('div', { class: 'bubble', tabindex: -1, role: 'group', 'aria-label': `${mine ? 'You' : names.author}, ${timeText(message.at_ms)}` },
    body, foot, !message.revoked && opened,
    reactions.length > 0 && h('span', { class: 'reactions', 'aria-label': `Reactions: ${reactions.join(' ')}` }, reactions.join(' ')));
  if (!message.revoked) hold(block, () => act.menu(message, opened));
  const under = message.revoked || message.from !== 'business' ? [] : choices(message, act);
  return h('li', { class: `message ${mine ? 'mine' : 'theirs'} type-${message.type} ${reactions.length ? 'has-reactions' : ''}`, 'data-id': message.id },
    block, under.length > 0 && h('div', { class: 'choices' }, under));
}
