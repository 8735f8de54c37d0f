// A message's text as people mark it up: *bold*, _italic_, ~strike~, `mono`, ```block```, > quote, - list, links.
// The result is DOM nodes; every character of the message ends in a text node.

import { h } from '/sim/page/elements.js';

const marks = { '*': 'strong', _: 'em', '~': 's' };
const isWord = (char) => char !== undefined && /[\p{L}\p{N}]/u.test(char);
const link = /^https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]]/i;

/** Where the mark opened at `start` closes, or -1: it hugs its words and does not stand inside one. */
function closing(text, start) {
  const mark = text[start];
  if (isWord(text[start - 1]) || !text[start + 1] || /\s/.test(text[start + 1])) return -1;
  for (let i = start + 2; i < text.length; i += 1) {
    if (text[i] === mark && !/\s/.test(text[i - 1]) && !isWord(text[i + 1])) return i;
  }
  return -1;
}

function inline(text, depth = 0) {
  const out = [];
  let plain = '';
  const flush = () => {
    if (plain) out.push(document.createTextNode(plain));
    plain = '';
  };
  for (let i = 0; i < text.length; ) {
    const char = text[i];
    const url = char === 'h' || char === 'H' ? link.exec(text.slice(i)) : null;
    const close = char === '`' ? text.indexOf('`', i + 2) : marks[char] && depth < 4 ? closing(text, i) : -1;
    if (url && !isWord(text[i - 1])) {
      flush();
      out.push(h('a', { href: url[0], target: '_blank', rel: 'noopener noreferrer' }, url[0]));
      i += url[0].length;
    } else if (close > i) {
      flush();
      const inner = text.slice(i + 1, close);
      out.push(char === '`' ? h('code', {}, inner) : h(marks[char], {}, inline(inner, depth + 1)));
      i = close + 1;
    } else {
      plain += char;
      i += 1;
    }
  }
  flush();
  return out;
}

function lines(text) {
  const out = [];
  let list = null;
  for (const line of text.split('\n')) {
    const item = /^\s*(?:[-*•]|(\d{1,3})[.)])\s+(.*)$/.exec(line);
    if (item) {
      const kind = item[1] ? 'ol' : 'ul';
      if (!list || list.localName !== kind) {
        list = h(kind, { dir: 'auto', start: item[1] });
        out.push(list);
      }
      list.append(h('li', {}, inline(item[2])));
      continue;
    }
    list = null;
    if (line.startsWith('> ')) out.push(h('blockquote', { dir: 'auto' }, inline(line.slice(2))));
    else out.push(h('p', { dir: 'auto' }, line ? inline(line) : h('br')));
  }
  return out;
}

/** The nodes of one text. */
export function formatted(text) {
  return text.split('```').flatMap((piece, index, all) => {
    if (index % 2 === 1 && index < all.length - 1) return [h('pre', { dir: 'auto' }, piece.replace(/^\n|\n$/g, ''))];
    const odd = index % 2 === 1 ? '```' + piece : piece;
    return odd === '' ? [] : lines(odd.replace(/^\n/, '').replace(/\n$/, ''));
  });
}

/** One line of plain text for lists and quotes. */
export function plainText(text) {
  return text.replace(/```|(?<![\p{L}\p{N}])[*_~`](?=\S)|(?<=\S)[*_~`](?![\p{L}\p{N}])/gu, '').replace(/\s+/g, ' ');
}
