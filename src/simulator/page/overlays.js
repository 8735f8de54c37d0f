// Small windows: menus at a button, a sheet inside a phone, the dialog of the page, the toast.

import { h, icon } from '/sim/page/elements.js';

let closeMenu = () => {};

/** A menu beside `anchor`. Items: {label, icon, run, danger?} or {row: [{label, run}]}. Arrow keys, Enter, Escape. */
export function menu(anchor, items, label) {
  closeMenu();
  const button = (item) =>
    h('button', { type: 'button', role: 'menuitem', class: `${item.danger ? 'danger' : ''} ${item.glyph ? 'glyph' : ''}`,
      'aria-label': item.aria, onclick: () => { closeMenu(); item.run(); } }, item.icon && icon(item.icon, 18), item.label);
  const box = h('div', { class: 'menu', role: 'menu', 'aria-label': label },
    items.map((item) => (item.row ? h('div', { class: 'menu-row' }, item.row.map(button)) : button(item))));
  document.body.append(box);
  const place = anchor.getBoundingClientRect();
  const left = Math.min(Math.max(8, place.left), innerWidth - box.offsetWidth - 8);
  const below = place.bottom + 6 + box.offsetHeight < innerHeight;
  box.style.left = `${left}px`;
  box.style.top = `${below ? place.bottom + 6 : Math.max(8, place.top - box.offsetHeight - 6)}px`;
  const buttons = [...box.querySelectorAll('button')];
  const outside = (event) => !box.contains(event.target) && closeMenu();
  closeMenu = () => {
    document.removeEventListener('pointerdown', outside, true);
    box.remove();
    closeMenu = () => {};
  };
  box.addEventListener('keydown', (event) => {
    const at = buttons.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (step) buttons[(at + step + buttons.length) % buttons.length].focus();
    else if (event.key === 'Escape' || event.key === 'Tab') { closeMenu(); anchor.focus(); }
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  document.addEventListener('pointerdown', outside, true);
  buttons[0]?.focus();
}

/** A list to choose one row from, at the bottom of a phone's screen. */
export function listSheet(screen, content, choose) {
  const before = document.activeElement;
  const close = () => { shade.remove(); before?.focus(); };
  let name = 0;
  const group = `rows-${Math.random().toString(36).slice(2)}`;
  const send = h('button', { type: 'submit', class: 'sheet-send', disabled: true }, 'Send');
  const row = (one) => h('label', { class: 'sheet-row' },
    h('span', { class: 'sheet-words' }, h('span', { dir: 'auto' }, one.title), one.description && h('small', { dir: 'auto' }, one.description)),
    h('input', { type: 'radio', name: group, value: one.id, onchange: () => { send.disabled = false; } }));
  const form = h('form', { class: 'sheet', role: 'dialog', 'aria-modal': 'true', 'aria-label': content.action.button },
    h('div', { class: 'sheet-head' }, h('h2', { dir: 'auto' }, content.action.button),
      h('button', { type: 'button', class: 'round', 'aria-label': 'Close', onclick: () => close() }, icon('close', 20))),
    h('div', { class: 'sheet-body' }, (content.action.sections || []).map((section) => {
      name += 1;
      return h('fieldset', {}, h('legend', { class: section.title ? '' : 'unseen' }, section.title || `Part ${name}`), section.rows.map(row));
    })),
    send);
  const shade = h('div', { class: 'shade' }, form);
  shade.addEventListener('pointerdown', (event) => event.target === shade && close());
  form.addEventListener('keydown', (event) => event.key === 'Escape' && (event.stopPropagation(), close()));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const id = new FormData(form).get(group);
    close();
    if (id !== null) choose(id);
  });
  screen.append(shade);
  form.querySelector('input')?.focus();
}

/** The new customer's name, country and what the business may know. */
export function newCustomer(countries, create) {
  const dialog = document.getElementById('dialog');
  const country = h('select', { name: 'country' }, countries.map((one) => h('option', { value: one.code }, one.name)));
  const form = h('form', { method: 'dialog' },
    h('h2', { id: 'dialog-title' }, 'New customer'),
    h('label', {}, 'Name', h('input', { name: 'name', required: true, maxlength: 60, dir: 'auto', autocomplete: 'off', autofocus: true })),
    h('label', {}, 'Country', country),
    h('p', { class: 'fine' }, 'A phone number of this country is invented.'),
    h('label', {}, 'Username (optional)', h('input', { name: 'username', maxlength: 35, pattern: '@?[a-z0-9._]{3,35}', autocomplete: 'off', placeholder: '@name', title: '3 to 35 of a–z, 0–9, dot and underscore' })),
    h('label', { class: 'check' }, h('input', { type: 'checkbox', name: 'phone_hidden' }), 'The business does not see the number'),
    h('div', { class: 'dialog-foot' },
      h('button', { type: 'button', class: 'tool', onclick: () => dialog.close() }, 'Cancel'),
      h('button', { type: 'submit', class: 'tool tool-main' }, 'Create')));
  form.addEventListener('submit', () => {
    const fields = new FormData(form);
    create({ name: fields.get('name').trim(), country: fields.get('country'), username: fields.get('username').trim(), phone_hidden: fields.has('phone_hidden') });
  });
  dialog.replaceChildren(form);
  dialog.showModal();
}

let toastTimer = 0;

export function toast(words) {
  const box = document.getElementById('toast');
  box.textContent = words;
  box.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { box.hidden = true; }, 6000);
}
