// A bot made with the npm package grammy, unmodified, which was written against Telegram's own servers: what it understands of the
// simulator's updates, results and refusals, a client of Telegram understands.
// DESKBRIDGE_CLIENTS names the folder where install.sh put it; if it did not, there is nothing to do.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

const folder = process.env.DESKBRIDGE_CLIENTS;
if (!folder || !existsSync(`${folder}/node_modules/grammy`)) process.exit(77);
const require = createRequire(`${folder}/`);
const { Bot, GrammyError, InlineKeyboard, InputFile, webhookCallback } = require("grammy");

const { values: options } = parseArgs({ options: { base: { type: "string" }, token: { type: "string" } } });
const apiRoot = `${options.base}/telegram`;
const photo = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(5000, "p")]);
const pdf = Buffer.from("%PDF-1.7 " + "o".repeat(5000));

async function ask(method, path, order) {
  const answer = await fetch(`${options.base}/sim/telegram${path}`, { method, body: order && JSON.stringify(order) });
  assert.ok(answer.ok, `${path}: ${answer.status}`);
  return answer.json();
}
const act = (path, order = {}) => ask("POST", path, order);
const messagesOf = async (chat) => (await ask("GET", `/chats/${chat}`)).messages;

async function until(what, holds) {
  for (let i = 0; i < 1000; ++i) {
    const found = await holds();
    if (found) return found;
    await sleep(20);
  }
  assert.fail(`waited in vain for ${what}`);
}

async function refusal(call) {
  try {
    await call;
  } catch (error) {
    assert.ok(error instanceof GrammyError, String(error));
    return error;
  }
  assert.fail("it was not refused");
}

const heard = [];
function makeBot() {
  const bot = new Bot(options.token, { client: { apiRoot } });
  bot.catch((error) => heard.push({ error: String(error.error) }));
  bot.command("start", (ctx) => ctx.reply(`Welcome, ${ctx.match}`));
  bot.on("message:text", (ctx) =>
    ctx.reply(`You said: ${ctx.message.text}`, {
      reply_parameters: { message_id: ctx.message.message_id },
      reply_markup: new InlineKeyboard().text("Close", "c:1042").row().url("Look", "https://shop.example/"),
    }));
  bot.on("callback_query:data", async (ctx) => {
    heard.push({ tap: ctx.callbackQuery.data, on: ctx.callbackQuery.message.text, answered: await ctx.answerCallbackQuery("Closed") });
  });
  bot.on("message:photo", async (ctx) => {
    const file = await ctx.getFile();
    const answer = await fetch(`${apiRoot}/file/bot${options.token}/${file.file_path}`);
    heard.push({ photo: Buffer.from(await answer.arrayBuffer()), caption: ctx.message.caption });
    await ctx.replyWithPhoto(new InputFile(photo, "again.jpg"), { caption: "Yours" });
    await ctx.replyWithDocument(new InputFile(pdf, "our offer.pdf"), { caption: "Ours" });
  });
  bot.on("edited_message:text", (ctx) => heard.push({ edit: ctx.editedMessage.text }));
  bot.on("my_chat_member", (ctx) => heard.push({ member: ctx.myChatMember.new_chat_member.status }));
  return bot;
}
const told = (key) => until(key, () => heard.find((one) => key in one));

async function checkPolling(ana) {
  const bot = makeBot();
  const running = bot.start();
  await act(`/people/${ana}/messages`, { text: "/start 4821-9376" });
  await until("the welcome", async () => (await messagesOf(ana)).some((one) => one.text === "Welcome, 4821-9376"));
  assert.equal(bot.botInfo.username, "parcel_desk_bot");

  const said = await act(`/people/${ana}/messages`, { text: "Where is it?" });
  const answer = await until("an answer", async () => (await messagesOf(ana)).find((one) => one.text === "You said: Where is it?"));
  assert.equal(answer.reply_to_message.message_id, said.message_id);
  await act(`/people/${ana}/taps`, { message_id: answer.message_id, data: "c:1042" });
  assert.deepEqual(await told("tap"), { tap: "c:1042", on: "You said: Where is it?", answered: true });
  await act(`/people/${ana}/edits`, { message_id: said.message_id, text: "Where was it?" });
  assert.equal((await told("edit")).edit, "Where was it?");
  await bot.stop();
  await running;
}

async function checkFiles(ana) {
  const bot = makeBot();
  const running = bot.start();
  const headers = { "Content-Type": "image/jpeg" };
  const put = await fetch(`${options.base}/sim/telegram/files?as=photo`, { method: "POST", headers, body: photo });
  const { id } = await put.json();
  await act(`/people/${ana}/messages`, { file: id, as: "photo", caption: "Look" });
  const got = await told("photo");
  assert.ok(photo.equals(got.photo) && got.caption === "Look");
  const sent = await until("a document", async () => (await messagesOf(ana)).find((one) => one.document));
  assert.equal(sent.document.file_name, "our offer.pdf");
  assert.equal(sent.document.file_size, pdf.length);
  const shown = await fetch(`${options.base}/sim/telegram/files/${sent.document.file_id}`);
  assert.ok(pdf.equals(Buffer.from(await shown.arrayBuffer())));
  await bot.stop();
  await running;
}

async function checkRefusals(ana) {
  const { api } = new Bot(options.token, { client: { apiRoot } });
  await act("/faults", { kind: "throttle_429", retry_after_s: 7 });
  const slow = await refusal(api.sendMessage(ana, "Hurry"));
  assert.equal(slow.error_code, 429);
  assert.equal(slow.parameters.retry_after, 7);

  await act(`/people/${ana}/blocks`, { blocked: true });
  const blocked = await refusal(api.sendMessage(ana, "Are you there?"));
  assert.equal(blocked.error_code, 403);
  assert.equal(blocked.description, "Forbidden: bot was blocked by the user");
  await act(`/people/${ana}/blocks`, { blocked: false });

  const group = await act("/groups", { title: "Shop" });
  const grown = await act(`/groups/${group.id}/upgrades`);
  const moved = await refusal(api.sendMessage(group.id, "Hello all"));
  assert.equal(moved.error_code, 400);
  assert.equal(moved.parameters.migrate_to_chat_id, grown.id);
  assert.equal((await api.sendMessage(grown.id, "Hello all")).chat.type, "supergroup");
}

async function checkWebhook(ana) {
  const bot = makeBot();
  const server = createServer(webhookCallback(bot, "http", { secretToken: "tg_secret-01" }));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const hook = `http://127.0.0.1:${server.address().port}/`;
  const forged = await fetch(hook, { method: "POST", headers: { "Content-Type": "application/json" }, body: '{"update_id": 1}' });
  assert.equal(forged.status, 401);
  await bot.api.setWebhook(hook, { secret_token: "tg_secret-01", allowed_updates: ["message", "callback_query"] });
  assert.equal((await refusal(bot.api.getUpdates())).error_code, 409);
  await act(`/people/${ana}/messages`, { text: "By webhook" });
  await until("an answer", async () => (await messagesOf(ana)).some((one) => one.text === "You said: By webhook"));
  const info = await until("an empty queue", async () => {
    const now = await bot.api.getWebhookInfo();
    return now.pending_update_count === 0 && now;
  });
  assert.equal(info.url, hook);
  await bot.api.deleteWebhook();
  server.close();
  server.closeAllConnections?.();
}

const ana = (await act("/people", { first_name: "Ana" })).id;
await checkPolling(ana);
await checkFiles(ana);
await checkRefusals(ana);
await checkWebhook(ana);
assert.deepEqual(heard.filter((one) => "error" in one), []);
process.exit(0);
