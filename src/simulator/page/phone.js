// One phone: head, messages, what is being written.

import { bubble, summary } from '/sim/page/bubbles.js';
import { dayText, h, icon, phoneText, real } from '/sim/page/elements.js';
import { listSheet, menu, toast } from '/sim/page/overlays.js';
import { phoneMenu } from '/sim/page/phone_menu.js';
import { businessRoom, groupRoom } from '/sim/page/rooms.js';
import { server } from '/sim/page/server.js';

const openers = {
  en: 'My parcel has not arrived', de: 'Mein Paket ist nicht angekommen', es: 'Mi paquete no ha llegado',
  'pt-BR': 'Meu pacote não chegou', fr: 'Mon colis n’est pas arrivé', hi: 'मेरा पार्सल नहीं आया',
  id: 'Paket saya belum sampai', ar: 'لم يصل طردي',
};
const emojis = ['👍', '❤️', '😂', '😮', '😢', '🙏'];

export class Phone {
  /** `desk` answers what the page knows: numbers, customers, groups, now(), hold(id), leave(id). */
  constructor(customer, desk) {
    this.customer = customer;
    this.desk = desk;
    this.number = desk.numbers[0].id; // of the business: whose chat is on the screen
    this.group = null; // the id of the group that is there instead
    this.drawn = new Map();
    this.quoting = null;
    this.editing = null;
    this.atEnd = true;
    this.build();
    this.update();
  }

  build() {
    this.label = h('div', { class: 'phone-label' });
    this.typing = h('li', { class: 'message theirs typing', 'aria-label': 'The business is writing' },
      h('div', { class: 'bubble dots' }, h('i'), h('i'), h('i')));
    this.status = h('span', { class: 'head-status' });
    this.list = h('ol', { class: 'chat', role: 'log', 'aria-label': `Chat of ${this.customer.name}`, tabindex: 0 });
    this.list.addEventListener('keydown', (event) => this.walk(event));
    this.list.addEventListener('scroll', () => { this.atEnd = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 80; });
    for (const event of ['load', 'loadedmetadata']) this.list.addEventListener(event, () => this.atEnd && this.toEnd(), true);
    this.above = h('div', { class: 'above', hidden: true });
    this.input = h('textarea', { rows: 1, dir: 'auto', maxlength: 4096, placeholder: 'Message', 'aria-label': `Message of ${this.customer.name}`, enterkeyhint: 'send' });
    this.input.addEventListener('input', () => this.grow());
    this.input.addEventListener('keydown', (event) => this.typed(event));
    this.file = h('input', { type: 'file', hidden: true, tabindex: -1 });
    const attach = h('button', { type: 'button', class: 'round', 'aria-label': 'Attach', 'aria-haspopup': 'menu' }, icon('attach'));
    attach.addEventListener('click', () => this.attach(attach));
    const form = h('form', { class: 'composer' }, this.above, h('div', { class: 'composer-row' }, attach, this.input,
      h('button', { type: 'submit', class: 'round send', 'aria-label': 'Send' }, icon('send'))), this.file);
    form.addEventListener('submit', (event) => { event.preventDefault(); this.send(); });
    const more = h('button', { type: 'button', class: 'round', 'aria-label': 'This phone', 'aria-haspopup': 'menu' }, icon('more'));
    more.addEventListener('click', () => phoneMenu(this, more, openers[this.customer.language] || openers.en));
    this.head = h('div', { class: 'head-words' });
    this.screen = h('div', { class: 'screen' },
      h('header', { class: 'head' },
        h('button', { type: 'button', class: 'round head-back', 'aria-label': 'All customers', onclick: () => this.desk.leave(this.customer.id) }, icon('back')),
        this.head, more),
      this.list, form);
    this.element = h('section', { class: 'phone', 'aria-label': `Phone of ${this.customer.name}` }, this.label, h('div', { class: 'case' }, this.screen));
    this.element.addEventListener('pointerdown', () => this.desk.hold(this.customer.id));
    this.element.addEventListener('focusin', () => this.desk.hold(this.customer.id));
  }

  business() {
    return this.desk.numbers.find((one) => one.id === this.number) || this.desk.numbers[0];
  }

  /** What is on the screen. */
  room() {
    const group = this.desk.groups.get(this.group);
    const member = group?.participants.includes(this.customer.id);
    return member ? groupRoom(this.customer, this.business(), group, this.desk.customers) : businessRoom(this.customer, this.business(), this.desk.now());
  }

  /** Draws what has changed; keeps the list at its end if it was there. */
  update() {
    const c = this.customer;
    const { atEnd } = this;
    const room = this.room();
    this.label.replaceChildren(...real([h('strong', { dir: 'auto' }, c.name || 'No name'),
      h('span', {}, c.phone_hidden ? (c.username ? `@${c.username}` : 'number hidden') : phoneText(c.phone)),
      room.chip,
      !c.online && h('span', { class: 'chip chip-off' }, icon('plane', 13), 'offline')]));
    this.element.classList.toggle('offline', !c.online);
    const typing = (c.typing_until_ms || 0) > Date.now();
    this.head.replaceChildren(h('strong', { dir: 'auto' }, room.title), this.status);
    this.status.textContent = typing && !room.group ? 'writing…' : room.status;
    this.place([...this.items(room), ...(typing && !room.group ? [this.typing] : [])]);
    if (atEnd) this.toEnd();
  }

  toEnd() {
    this.atEnd = true;
    this.list.scrollTop = this.list.scrollHeight;
  }

  items(room) {
    const known = new Map(room.messages.map((message) => [message.id, message]));
    const out = [];
    let day = '';
    for (const message of room.messages) {
      if (message.type === 'reaction') continue;
      const here = dayText(message.at_ms, this.desk.now());
      if (here !== day) out.push(this.day(here));
      day = here;
      out.push(this.item(message, known.get(message.quoted), room));
    }
    return out.length || room.group ? out : [this.hint()];
  }

  /** What one may begin with. */
  hint() {
    if (!this.drawn.has('hint')) {
      const words = openers[this.customer.language] || openers.en;
      const begin = () => { this.input.value = words; this.grow(); this.input.focus(); };
      this.drawn.set('hint', { element: h('li', { class: 'hint' }, h('p', {}, `Write to ${this.business().name} as ${this.customer.name || 'this customer'}.`),
        h('button', { type: 'button', class: 'choice', dir: 'auto', onclick: begin }, words)) });
    }
    return this.drawn.get('hint').element;
  }

  item(message, quoted, room) {
    const state = JSON.stringify([message, quoted && summary(quoted)]);
    const before = this.drawn.get(message.id);
    if (before?.state === state) return before.element;
    const element = bubble(message, quoted, { author: room.name(message), quoted: room.name(quoted) }, this.acts());
    this.drawn.set(message.id, { state, element });
    return element;
  }

  day(words) {
    const key = `day ${words}`;
    if (!this.drawn.has(key)) this.drawn.set(key, { element: h('li', { class: 'day' }, h('span', {}, words)) });
    return this.drawn.get(key).element;
  }

  place(elements) {
    elements.forEach((element, index) => {
      if (this.list.children[index] !== element) this.list.insertBefore(element, this.list.children[index] || null);
    });
    while (this.list.children.length > elements.length) this.list.lastElementChild.remove();
  }

  acts() {
    const id = this.customer.id;
    return {
      tap: (message, choice, words) => this.run(server.tap(id, message.id, choice, words)),
      list: (message) => listSheet(this.screen, message.content, (choice) => this.run(server.tap(id, message.id, choice))),
      reply: (message) => this.quote(message),
      show: (other) => this.show(other),
      menu: (message, anchor) => this.menu(message, anchor),
      play: (message) => message.from === 'business' && message.status !== 'played' && this.run(server.play(id, message.id)),
    };
  }

  menu(message, anchor) {
    const id = this.customer.id;
    const mine = message.from === 'customer';
    const alone = !this.room().group; // in groups nobody reacts, edits or deletes here
    const given = message.reaction_of_customer;
    const words = message.content?.body || message.content?.caption || message.content?.body?.text;
    menu(anchor, [
      ...(alone ? [{ row: emojis.map((emoji) => ({ label: emoji, glyph: true, aria: emoji === given ? `Take away ${emoji}` : `React with ${emoji}`,
        run: () => this.run(server.react(id, message.id, emoji === given ? '' : emoji)) })) }] : []),
      { label: 'Reply', icon: 'reply', run: () => this.quote(message) },
      ...(typeof words === 'string' ? [{ label: 'Copy', icon: 'copy', run: () => navigator.clipboard?.writeText(words) }] : []),
      ...(alone && mine && typeof words === 'string' ? [{ label: 'Edit', icon: 'edit', run: () => this.edit(message, words) }] : []),
      ...(alone && mine ? [{ label: 'Delete', icon: 'trash', danger: true, run: () => this.run(server.revoke(id, message.id)) }] : []),
    ], 'Message');
  }

  /** The chat with another number of the business, or a group. */
  turnTo(number, group = null) {
    this.number = number;
    this.group = group;
    this.clear();
    this.update();
    this.toEnd();
    this.run(this.room().open());
  }

  attach(anchor) {
    const pick = (accept, type) => {
      this.file.accept = accept;
      this.file.value = '';
      this.file.onchange = () => this.file.files[0] && this.sendFile(this.file.files[0], type);
      this.file.click();
    };
    menu(anchor, [
      { label: 'Photo', icon: 'photo', run: () => pick('image/jpeg,image/png,image/webp', 'image') },
      { label: 'Document', icon: 'file', run: () => pick('', 'document') },
      { label: 'Voice note', icon: 'mic', run: () => pick('audio/*', 'audio') },
      { label: 'Location', icon: 'pin', run: () => this.run(this.room().write('location', { latitude: 53.5436, longitude: 9.9884, name: 'Pier 4' })) },
    ], 'Attach');
  }

  async sendFile(file, type) {
    const caption = this.input.value.trim();
    const quoted = this.quoting?.id;
    await this.run(server.upload(file).then((kept) => this.room().write(type,
      { id: kept.id, ...(type === 'audio' ? { voice: true } : caption && { caption }) }, { ...(quoted && { quoted }) })).then(() => type !== 'audio' && this.clear()));
  }

  quote(message) {
    this.quoting = message;
    this.editing = null;
    this.showAbove(message.from === 'customer' ? 'You' : this.room().name(message), summary(message));
  }

  edit(message, words) {
    this.editing = message;
    this.quoting = null;
    this.input.value = words;
    this.showAbove('Edit message', summary(message));
    this.grow();
  }

  showAbove(title, words) {
    this.above.hidden = false;
    this.above.replaceChildren(
      h('span', { class: 'quote' }, h('span', { class: 'quote-who' }, title), h('span', { class: 'quote-text', dir: 'auto' }, words)),
      h('button', { type: 'button', class: 'round', 'aria-label': 'Do not', onclick: () => this.clear() }, icon('close', 18)));
    this.input.focus();
  }

  clear() {
    this.quoting = this.editing = null;
    this.above.hidden = true;
    this.above.replaceChildren();
    this.input.value = '';
    this.grow();
  }

  async send() {
    const words = this.input.value.trim();
    if (!words) return;
    const { id } = this.customer;
    const [editing, quoted] = [this.editing, this.quoting?.id];
    this.clear();
    this.input.focus();
    this.toEnd();
    const sent = await this.run(editing ? server.edit(id, editing.id, words) : this.room().write('text', { body: words }, { ...(quoted && { quoted }) }));
    if (!sent && !this.input.value) this.input.value = words;
  }

  typed(event) {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.send();
    } else if (event.key === 'Escape' && (this.quoting || this.editing)) this.clear();
    else if (event.key === 'ArrowUp' && !this.input.value) {
      event.preventDefault();
      this.step(-1);
    }
  }

  /** Arrow keys go from bubble to bubble, Enter opens the menu, r replies. */
  walk(event) {
    const here = document.activeElement?.closest('.message');
    if (event.key === 'ArrowUp' || event.key === 'ArrowDown') this.step(event.key === 'ArrowUp' ? -1 : 1);
    else if (event.key === 'Enter' && document.activeElement.classList.contains('bubble')) here.querySelector('.open')?.click();
    else if (event.key === 'r' && here && !event.ctrlKey && !event.metaKey) this.quote(this.room().messages.find((m) => m.id === here.dataset.id));
    else if (event.key === 'Escape') this.input.focus();
    else return;
    event.preventDefault();
  }

  step(by) {
    const bubbles = [...this.list.querySelectorAll('.message:not(.typing) > .bubble')];
    const at = bubbles.indexOf(document.activeElement?.closest('.bubble'));
    const next = at < 0 ? bubbles.length - 1 : at + by;
    (bubbles[next] || this.input).focus();
  }

  show(id) {
    const item = this.drawn.get(id)?.element;
    item?.scrollIntoView({ block: 'center', behavior: 'smooth' });
    item?.classList.add('shown');
    setTimeout(() => item?.classList.remove('shown'), 1600);
  }

  grow() {
    this.input.style.height = 'auto';
    this.input.style.height = `${Math.min(this.input.scrollHeight + 2, 132)}px`;
    this.input.style.overflowY = this.input.scrollHeight > 132 ? 'auto' : 'hidden';
  }

  /** Waits for an order; true if it went well, otherwise says why not. */
  async run(order) {
    try {
      await order;
      return true;
    } catch (error) {
      toast(error.message);
      return false;
    }
  }
}
