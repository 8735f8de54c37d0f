// The control API of the simulator: orders go as JSON, news comes as server-sent events.

async function ask(method, path, body, type = 'application/json') {
  const response = await fetch(path, {
    method,
    headers: body === undefined ? {} : { 'Content-Type': type },
    body: body === undefined ? undefined : type === 'application/json' ? JSON.stringify(body) : body,
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error || `The simulator answered ${response.status}.`);
  return answer;
}

const customer = (id, verb) => `/sim/customers/${encodeURIComponent(id)}${verb}`;

export const server = {
  state: () => ask('GET', '/sim/state'),
  create: (order) => ask('POST', '/sim/customers', order),
  change: (id, order) => ask('POST', customer(id, ''), order),
  write: (id, number, type, content, more) => ask('POST', customer(id, '/messages'), { number, type, content, ...more }),
  react: (id, message_id, emoji) => ask('POST', customer(id, '/reactions'), { message_id, emoji }),
  tap: (id, message_id, choice, text) => ask('POST', customer(id, '/taps'), { message_id, id: choice, text }),
  edit: (id, message_id, body) => ask('POST', customer(id, '/edits'), { message_id, body }),
  revoke: (id, message_id) => ask('POST', customer(id, '/revokes'), { message_id }),
  open: (id, number) => ask('POST', customer(id, '/open'), { number }),
  play: (id, message_id) => ask('POST', customer(id, '/plays'), { message_id }),
  call: (id, number) => ask('POST', customer(id, '/calls'), { number }),
  prefer: (id, number, value) => ask('POST', customer(id, '/preferences'), { number, value }),
  handOver: (id, number, owner) => ask('POST', customer(id, '/handovers'), { number, owner }),
  changeNumber: (id) => ask('POST', customer(id, '/number'), {}),
  createGroup: (order) => ask('POST', '/sim/groups', order),
  writeInGroup: (id, order) => ask('POST', `/sim/groups/${encodeURIComponent(id)}/messages`, order),
  openGroup: (id, member) => ask('POST', `/sim/groups/${encodeURIComponent(id)}/open`, { customer: member }),
  clock: (order) => ask('POST', '/sim/clock', order),
  upload: (file) =>
    ask('POST', `/sim/media?name=${encodeURIComponent(file.name)}`, file, file.type || 'application/octet-stream'),
  mediaUrl: (id) => `/sim/media/${encodeURIComponent(id)}`,
};

/** Calls `handlers[event](data)` for each piece of news, and `handlers.open()` whenever the stream is (re)connected. */
export function listen(handlers) {
  const source = new EventSource('/sim/events');
  source.onopen = () => handlers.open();
  source.onerror = () => handlers.lost();
  for (const event of ['message', 'customer', 'group', 'typing', 'numbers', 'clock']) {
    source.addEventListener(event, (news) => {
      if (typeof news.data === 'string') handlers[event](JSON.parse(news.data));
    });
  }
}
