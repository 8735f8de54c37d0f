// What can be on a phone's screen: the chat with a number of the business, or a group that the customer is in.

import { h, icon } from '/sim/page/elements.js';
import { server } from '/sim/page/server.js';

/** Has this message come to the phone? What the business sent shows once it is delivered. */
export function reached(message) {
  return message.from === 'customer' || ['delivered', 'read', 'played', 'failed'].includes(message.status);
}

/** How long the business may still write freely. */
function windowChip(written, now) {
  const left = written ? Math.floor((written + 24 * 3600000 - now) / 60000) : 0;
  const words = left <= 0 ? 'closed' : left >= 60 ? `${Math.floor(left / 60)} h` : `${left} min`;
  const title = left > 0 ? 'The business may write freely for this long' : 'The 24-hour window is closed: the business may send templates only';
  return h('span', { class: `chip ${left > 0 ? '' : 'chip-off'}`, title }, icon('clock', 13), words, h('span', { class: 'unseen' }, `. ${title}`));
}

/** The chat with one of the business's numbers. */
export function businessRoom(customer, business, now) {
  return {
    title: business.name,
    status: customer.standby?.includes(business.id) ? 'With another app' : 'Business account',
    chip: windowChip(customer.last_written_ms?.[business.id], now),
    messages: customer.messages.filter((m) => m.number === business.id && reached(m)),
    name: () => business.name,
    write: (type, content, more) => server.write(customer.id, business.id, type, content, more),
    open: () => server.open(customer.id, business.id),
  };
}

/** A group, as one of its members sees it: what others write stands on the other side, under their name. */
export function groupRoom(customer, business, group, people) {
  const name = (id) => people.get(id)?.name || 'Somebody';
  const here = (m) => m.from === 'customer' || m.reached?.includes(customer.id) || reached(m);
  const seen = (m) => (m.from === 'customer' && m.author !== customer.id
    ? { ...m, from: 'member', author_name: name(m.author) }
    : m.from === 'business' ? { ...m, author_name: business.name } : m);
  const members = group.participants.map(name);
  return {
    title: group.subject,
    status: group.deleted ? 'This group is gone' : group.suspended ? 'Suspended' : [...members, business.name].join(', '),
    chip: h('span', { class: 'chip' }, `${members.length + 1} members`),
    messages: group.messages.filter(here).map(seen),
    name: (message) => message?.author_name || business.name,
    write: (type, content, more) => server.writeInGroup(group.id, { customer: customer.id, type, content, ...more }),
    open: () => server.openGroup(group.id, customer.id),
    group: true,
  };
}
