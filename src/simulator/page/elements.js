// Building DOM without markup strings: text only ever goes in as text.

/** What is there of some children: arrays opened, false and nothing left out. */
export const real = (children) => children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);

/** h('p', { class: 'x', onclick: f, 'aria-label': 'y' }, 'text', child, …); false, null and undefined are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...real(children));
  return element;
}

const shapes = {
  plus: 'M12 5v14M5 12h14',
  send: 'M4.500 12 20 4.500 15.500 20l-4-6.500zM11.500 13.500 20 4.500',
  attach: 'M19.500 11.500 12 19a4.600 4.600 0 0 1-6.500-6.500L13 5a3.100 3.100 0 0 1 4.400 4.400l-7.200 7.200a1.600 1.600 0 0 1-2.300-2.300l6.600-6.600',
  back: 'M15 5l-7 7 7 7',
  more: 'M12 5.500v.01M12 12v.01M12 18.500v.01',
  down: 'M6 9.500l6 6 6-6',
  close: 'M6 6l12 12M18 6 6 18',
  reply: 'M10 6 4.500 11.500 10 17M5 11.500h8.500a6 6 0 0 1 6 6V19',
  edit: 'M4.500 19.500 5.500 15 16 4.500l3.500 3.500L9 18.500zM14 6.500l3.500 3.500',
  trash: 'M5 7h14M9.500 7V4.500h5V7M7 7l1 12.500h8L17 7M10.500 10.500v6M13.500 10.500v6',
  copy: 'M9 9h10.500v10.500H9zM15 9V4.500H4.500V15H9',
  photo: 'M4 5.500h16v13H4zM4 16l4.500-4.500 4 4L15.500 12.500 20 17M15.500 9v.01',
  file: 'M6.500 3.500H14l4.500 4.500v12.500h-12zM14 3.500V8h4.500M9.500 12.500h5.500M9.500 16h5.500',
  mic: 'M12 14.500a3 3 0 0 0 3-3v-5a3 3 0 0 0-6 0v5a3 3 0 0 0 3 3zM6 11.500a6 6 0 0 0 12 0M12 17.500v3',
  pin: 'M12 21c-4-4.500-6.500-7.500-6.500-11a6.500 6.500 0 0 1 13 0c0 3.500-2.500 6.500-6.500 11zM12 12.200a2.200 2.200 0 1 0 0-4.400 2.200 2.200 0 0 0 0 4.400z',
  list: 'M8.500 6.500H20M8.500 12H20M8.500 17.500H20M4.500 6.500v.01M4.500 12v.01M4.500 17.500v.01',
  link: 'M10 14l9-9M13.500 5H19v5.500M17 13.500V19H5V7h5.500',
  plane: 'M21 15.500v-1.700l-7.200-4.500V4.700a1.300 1.300 0 0 0-2.600 0v4.600L4 13.800v1.700l7.200-2.200v4.400l-1.900 1.400v1.300l3.200-.9 3.200.9v-1.300l-1.900-1.400v-4.400z',
  clock: 'M12 20.500a8.500 8.500 0 1 0 0-17 8.500 8.500 0 0 0 0 17zM12 7.500V12l3 2',
  theme: 'M12 20.500a8.500 8.500 0 1 1 0-17 8.500 8.500 0 0 1 0 17zM12 3.500v17M15 5v14M18 7.500v9',
  play: 'M8 5.500 18.500 12 8 18.500z',
  pause: 'M8.500 5.500v13M15.500 5.500v13',
  sim: 'M6.500 4H14l4 4v12.500H6.500zM9.500 12h5.500v5H9.500z',
  blocked: 'M12 20.500a8.500 8.500 0 1 0 0-17 8.500 8.500 0 0 0 0 17zM6 6l12 12',
};

export function icon(name, size = 22) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  for (const [key, value] of Object.entries({
    viewBox: '0 0 24 24', width: size, height: size, fill: 'none', stroke: 'currentColor', 'stroke-width': name === 'more' ? 3 : 1.8,
    'stroke-linecap': 'round', 'stroke-linejoin': 'round', 'aria-hidden': 'true', class: `icon icon-${name}`,
  })) svg.setAttribute(key, value);
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', shapes[name]);
  svg.append(path);
  return svg;
}

/** One tick for sent, two for delivered, two coloured ones for read. */
export function ticks(status) {
  const names = { sent: 'Sent', delivered: 'Delivered', read: 'Read' };
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  for (const [key, value] of Object.entries({
    viewBox: '0 0 20 12', width: 18, height: 11, fill: 'none', stroke: 'currentColor', 'stroke-width': 1.7,
    'stroke-linecap': 'round', 'stroke-linejoin': 'round', role: 'img', 'aria-label': names[status] || 'Sending',
    class: `ticks ticks-${status}`,
  })) svg.setAttribute(key, value);
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', status === 'sent' ? 'M5 6.500l3.500 3.500L15.500 2' : 'M1.500 6.500 5 10l7-8M9 9l1 1 8-8');
  svg.append(path);
  return svg;
}

/** "4917604069012" → "+49 176 0406 9012": a grouping good enough to read. */
export function phoneText(digits) {
  const code = ['1', '7'].includes(digits[0]) ? 1 : ['20', '27', '33', '34', '39', '44', '49', '52', '54', '55', '62', '91'].includes(digits.slice(0, 2)) ? 2 : 3;
  const rest = digits.slice(code);
  return `+${digits.slice(0, code)} ${rest.slice(0, 3)} ${rest.slice(3).replace(/(.{4})(?=.)/g, '$1 ')}`;
}

const tints = ['#d9603f', '#2f7d6d', '#8a5cc7', '#b8487f', '#3e74c4', '#8b7328', '#53803a', '#c2533b'];

/** A coloured disc with initials; the colour stays with the id. */
export function avatar(name, id, size = '') {
  const letters = name.trim().split(/\s+/).slice(0, 2).map((word) => [...word][0] || '').join('').toUpperCase() || '?';
  const disc = h('span', { class: `avatar ${size}`, 'aria-hidden': 'true' }, letters);
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.codePointAt(0)) >>> 0;
  disc.style.setProperty('--tint', tints[sum % tints.length]);
  return disc;
}

const clockFormat = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const dayFormat = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });

export const timeText = (ms) => clockFormat.format(new Date(ms));

export function dayText(ms, now) {
  const day = (at) => new Date(at).setHours(0, 0, 0, 0);
  const days = Math.round((day(now) - day(ms)) / 86400000);
  if (days === 0) return 'Today';
  if (days === 1) return 'Yesterday';
  return dayFormat.format(new Date(ms));
}
