// The menu of one phone: what its customer does beside writing.

import { menu } from '/sim/page/overlays.js';
import { server } from '/sim/page/server.js';

/** What can be done with a phone; `words`: what somebody says who comes from an advert. */
export function phoneMenu(phone, anchor, words) {
  const { customer: c, number } = phone;
  const others = phone.desk.numbers.filter((one) => one.id !== number);
  const optedOut = c.opted_out?.includes(number);
  const away = c.standby?.includes(number);
  menu(anchor, [
    ...others.map((one) => ({ label: `Chat with ${one.name}`, icon: 'reply', run: () => phone.turnTo(one.id) })),
    { label: 'Call the business', icon: 'mic', run: () => phone.run(server.call(c.id, number)) },
    { label: 'Come from an advert', icon: 'link', run: () => phone.run(server.write(c.id, number, 'text', { body: words }, { referral: true })) },
    { label: optedOut ? 'Take marketing again' : 'Stop marketing', icon: 'blocked', run: () => phone.run(server.prefer(c.id, number, optedOut ? 'resume' : 'stop')) },
    { label: away ? 'Give the chat back to the desk' : 'Hand the chat to another app', icon: 'down', run: () => phone.run(server.handOver(c.id, number, away ? 'own' : 'other')) },
    { label: c.online ? 'Switch to airplane mode' : 'Go online', icon: 'plane', run: () => phone.run(server.change(c.id, { online: !c.online })) },
    { label: c.phone_hidden ? 'Show number to the business' : 'Hide number from the business', icon: 'blocked', run: () => phone.run(server.change(c.id, { phone_hidden: !c.phone_hidden })) },
    { label: 'Change the phone number', icon: 'sim', run: () => phone.run(server.changeNumber(c.id)) },
  ], 'This phone');
}
