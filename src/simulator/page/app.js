// The page: who there is, which phones lie on the desk, what comes in.

import { summary } from '/sim/page/bubbles.js';
import { avatar, h, icon, timeText } from '/sim/page/elements.js';
import { menu, newCustomer, toast } from '/sim/page/overlays.js';
import { Phone } from '/sim/page/phone.js';
import { reached } from '/sim/page/rooms.js';
import { listen, server } from '/sim/page/server.js';

const customers = new Map(); // id → customer with messages
const groups = new Map(); // id → group with messages
const phones = new Map(); // id → Phone on the desk, oldest first
const people = document.getElementById('people');
const place = document.getElementById('phones');
let countries = [];
let offset = 0;
let held = null; // the phone in the hand: its chat is open, what comes is read

const narrow = matchMedia('(max-width: 719px)');
const room = () => (narrow.matches ? 1 : Math.max(1, Math.min(3, Math.floor((place.clientWidth + 24) / 344))));
const kept = (key, otherwise) => { try { return JSON.parse(localStorage.getItem(key)) ?? otherwise; } catch { return otherwise; } };
const keep = (key, value) => { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* private mode */ } };

const desk = {
  numbers: [], // of the business: {id, name, phone, hook}
  customers,
  groups,
  now: () => Date.now() + offset,
  hold(id) {
    if (held === id) return;
    held = id;
    drawPeople();
    look();
  },
  leave(id) {
    phones.get(id)?.element.remove();
    phones.delete(id);
    held = null;
    settle();
  },
};

/** Lays a phone on the desk. */
function lay(id) {
  if (phones.has(id)) return;
  phones.set(id, new Phone(customers.get(id), desk));
  place.append(phones.get(id).element);
}

/** Takes a phone into the hand. */
function put(id) {
  if (!customers.has(id)) return;
  lay(id);
  desk.hold(id);
  settle();
  phones.get(id).toEnd();
}

/** No more phones than there is room for: the oldest that is not in the hand goes. */
function settle() {
  while (phones.size > room()) {
    const oldest = [...phones.keys()].find((id) => id !== held);
    phones.get(oldest).element.remove();
    phones.delete(oldest);
  }
  document.body.classList.toggle('in-chat', phones.size > 0);
  keep('phones', [...phones.keys()]);
  drawPeople();
}

/** The customer looks at the phone in the hand. */
function look() {
  const customer = customers.get(held);
  if (!customer || !phones.has(held) || document.visibilityState !== 'visible') return;
  const { number, group } = phones.get(held);
  if (group) {
    if (groups.get(group)?.messages.some((m) => m.from === 'business' && m.reached?.includes(held) && !m.read_by?.includes(held))) server.openGroup(group, held).catch(() => {});
    return;
  }
  if (customer.messages.some((m) => m.from === 'business' && m.number === number && m.status === 'delivered')) server.open(held, number).catch(() => {});
}

const unread = (customer) => customer.messages.filter((m) => m.from === 'business' && m.status === 'delivered' && m.type !== 'reaction').length;

function drawPeople() {
  const focused = document.activeElement?.closest?.('.person')?.dataset.id;
  const last = (customer) => customer.messages.filter((m) => m.type !== 'reaction' && m.status !== 'failed' && reached(m)).at(-1);
  const rows = [...customers.values()].map((customer) => ({ customer, message: last(customer) }));
  people.replaceChildren(...rows.map(({ customer, message }) => {
    const count = unread(customer);
    return h('li', {}, h('button', { type: 'button', class: `person ${phones.has(customer.id) ? 'on-desk' : ''} ${customer.id === held ? 'held' : ''}`,
      'data-id': customer.id, 'aria-pressed': phones.has(customer.id) ? 'true' : 'false', onclick: () => put(customer.id) },
      avatar(customer.name, customer.id),
      h('span', { class: 'person-name', dir: 'auto' }, customer.name || 'No name'),
      h('time', { class: 'person-time' }, message ? timeText(message.at_ms) : customer.country),
      h('span', { class: 'person-last', dir: 'auto' }, message ? summary(message) : 'Has not written yet'),
      count > 0 && h('span', { class: 'badge', 'aria-label': `${count} unread` }, String(count))));
  }));
  if (focused) people.querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus();
}

let planned = false;

/** Draws the list once per frame, however much comes in. */
function plan() {
  if (planned) return;
  planned = true;
  requestAnimationFrame(() => { planned = false; drawPeople(); });
}

/** One line for all numbers: of the first whose webhook is in trouble, else of the first. */
function drawHooks() {
  const trouble = ({ hook }) => hook.handshake === 'refused' || (hook.last_status && hook.last_status !== 200);
  const shown = desk.numbers.find(trouble) || desk.numbers[0];
  if (shown) drawHook(shown.hook, desk.numbers.length > 1 ? `${shown.name}: ` : '');
}

function drawHook(hook, whose = '') {
  const box = document.getElementById('hook');
  const states = { verified: 'ok', none: '', waiting: 'wait', refused: 'bad' };
  const words = !hook.url ? 'No webhook set' : { verified: 'Webhook verified', waiting: 'Waiting for the webhook', none: 'Webhook', refused: `Webhook refused: ${hook.why}` }[hook.handshake];
  const answer = hook.last_status ? ` · last answer ${hook.last_status} in ${hook.last_took_ms} ms` : '';
  const waiting = hook.unanswered ? ` · ${hook.unanswered} to deliver` : '';
  const bad = hook.last_status && hook.last_status !== 200;
  box.className = `hook hook-${bad ? 'bad' : states[hook.handshake]}`;
  box.textContent = whose + words + answer + waiting;
}

function refresh(id) {
  phones.get(id)?.update();
  plan();
  if (id === held) look();
}

/** The phones of a group's members. */
function refreshGroup(group) {
  for (const id of group.participants) phones.get(id)?.update();
  look();
}

/** Puts a message into its chat, in place of what was known of it. */
function keepIn(messages, message) {
  const at = messages.findIndex((m) => m.id === message.id);
  if (at < 0) messages.push(message);
  else messages[at] = message;
}

async function load() {
  const state = await server.state();
  desk.numbers = state.numbers;
  countries = state.countries;
  offset = state.clock_offset_ms;
  drawHooks();
  for (const customer of state.customers) {
    if (customers.has(customer.id)) Object.assign(customers.get(customer.id), customer);
    else customers.set(customer.id, customer);
  }
  for (const group of state.groups) groups.set(group.id, group);
  for (const phone of phones.values()) phone.update();
  if (phones.size === 0 && !narrow.matches) {
    const before = kept('phones', []).filter((id) => customers.has(id));
    const first = before.length ? before : [...customers.keys()];
    for (const id of first.slice(0, room())) lay(id);
    if (first[0]) put(first[0]);
    for (const phone of phones.values()) phone.toEnd();
  }
  drawPeople();
  look();
}

const news = {
  open: () => load().catch((error) => toast(error.message)),
  lost: () => drawHook({ url: 'x', handshake: 'refused', why: 'the simulator does not answer' }),
  message({ customer_id, group_id, message }) {
    const group = groups.get(group_id);
    if (group) {
      keepIn(group.messages, message);
      refreshGroup(group);
      return;
    }
    const customer = customers.get(customer_id);
    if (!customer) return;
    keepIn(customer.messages, message);
    if (message.from === 'customer') {
      const written = (customer.last_written_ms ||= {});
      written[message.number] = Math.max(written[message.number] || 0, message.at_ms);
    }
    refresh(customer_id);
  },
  customer(changed) {
    const known = customers.get(changed.id);
    if (known) Object.assign(known, changed);
    else customers.set(changed.id, { ...changed, messages: [] });
    refresh(changed.id);
  },
  group(changed) {
    const known = groups.get(changed.id) || { messages: [] };
    groups.set(changed.id, { ...known, ...changed });
    refreshGroup(groups.get(changed.id));
  },
  typing({ customer_id, until_ms }) {
    const customer = customers.get(customer_id);
    if (!customer) return;
    customer.typing_until_ms = until_ms;
    refresh(customer_id);
  },
  numbers({ numbers }) {
    desk.numbers = numbers;
    drawHooks();
  },
  clock({ clock_offset_ms }) {
    offset = clock_offset_ms;
    for (const phone of phones.values()) phone.update();
  },
};

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  keep('theme', theme);
}

function start() {
  const clock = document.getElementById('clock-button');
  const theme = document.getElementById('theme-button');
  const fresh = document.getElementById('new-button');
  clock.append(icon('clock'));
  theme.append(icon('theme'));
  fresh.prepend(icon('plus', 18));
  setTheme(kept('theme', 'auto'));
  const move = (order) => server.clock(order).catch((error) => toast(error.message));
  clock.addEventListener('click', () => menu(clock, [
    { label: 'One hour later', icon: 'clock', run: () => move({ advance_s: 3600 }) },
    { label: '23 hours later', icon: 'clock', run: () => move({ advance_s: 23 * 3600 }) },
    { label: '25 hours later', icon: 'clock', run: () => move({ advance_s: 25 * 3600 }) },
    { label: 'Back to now', icon: 'back', run: () => move({ offset_s: 0 }) },
  ], 'The provider’s clock'));
  theme.addEventListener('click', () => setTheme({ auto: 'dark', dark: 'light', light: 'auto' }[document.documentElement.dataset.theme]));
  fresh.addEventListener('click', () => newCustomer(countries, (order) =>
    server.create(order).then((made) => { news.customer(made); put(made.id); }).catch((error) => toast(error.message))));
  addEventListener('resize', settle);
  document.addEventListener('visibilitychange', look);
  setInterval(() => { for (const phone of phones.values()) phone.update(); }, 15000);
  listen(news);
}

start();
