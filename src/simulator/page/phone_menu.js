// The menu of one phone: what its customer does beside writing.

import { menu } from '/sim/page/overlays.js';
import { server } from '/sim/page/server.js';

/** What can be done with a phone; `words`: what somebody says who comes from an advert. */
export function phoneMenu(phone, anchor, words) {
  const { customer: c, number } = phone;
  const others = phone.desk.numbers.filter((one) => one.id !== number || phone.group);
  const groups = [...phone.desk.groups.values()].filter((one) => one.participants.includes(c.id) && !one.deleted && one.id !== phone.group);
  const friends = [...phone.desk.customers.keys()].filter((id) => id !== c.id).slice(0, 7);
  const start = () => server.createGroup({ subject: `Group of ${c.name || 'a customer'}`, number, participants: [c.id, ...friends] })
    .then((group) => phone.turnTo(number, group.id));
  const optedOut = c.opted_out?.includes(number);
  const away = c.standby?.includes(number);
  menu(anchor, [
    ...others.map((one) => ({ label: `Chat with ${one.name}`, icon: 'reply', run: () => phone.turnTo(one.id) })),
    ...groups.map((one) => ({ label: `Group ${one.subject}`, icon: 'list', run: () => phone.turnTo(one.number, one.id) })),
    { label: 'Start a group', icon: 'plus', run: () => phone.run(start()) },
    { label: 'Call the business', icon: 'mic', run: () => phone.run(server.call(c.id, number)) },
    { label: 'Come from an advert', icon: 'link', run: () => phone.run(server.write(c.id, number, 'text', { body: words }, { referral: true })) },
    { label: optedOut ? 'Take marketing again' : 'Stop marketing', icon: 'blocked', run: () => phone.run(server.prefer(c.id, number, optedOut ? 'resume' : 'stop')) },
    { label: away ? 'Give the chat back to the desk' : 'Hand the chat to another app', icon: 'down', run: () => phone.run(server.handOver(c.id, number, away ? 'own' : 'other')) },
    { label: c.online ? 'Switch to airplane mode' : 'Go online', icon: 'plane', run: () => phone.run(server.change(c.id, { online: !c.online })) },
    { label: c.phone_hidden ? 'Show number to the business' : 'Hide number from the business', icon: 'blocked', run: () => phone.run(server.change(c.id, { phone_hidden: !c.phone_hidden })) },
    { label: 'Change the phone number', icon: 'sim', run: () => phone.run(server.changeNumber(c.id)) },
  ], 'This phone');
}
