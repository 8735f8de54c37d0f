#!/usr/bin/env node
// A tiny shop chat behind Deskbridge's signed channel, in one file and without packages (Node 18 or later).
//
// You are the customer: every line that you type is a message, a number taps the choice of that number. What the shop
// answers is printed, and confirmed with receipts. See README.md beside this file.
import { createHash, createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";

const toleranceSeconds = 300;

const { values: options } = parseArgs({
  options: {
    hook: { type: "string" }, // where Deskbridge listens: http://127.0.0.1:8080/hooks/shop
    port: { type: "string", default: "9000" }, // where this program listens, on loopback
    account: { type: "string", default: "shop" }, // account_id in deskbridge.toml
    "inbound-secret-file": { type: "string" }, // signs what is posted to Deskbridge
    "outbound-secret-file": { type: "string" }, // signs what Deskbridge posts
    customer: { type: "string", default: "u-1" },
    name: { type: "string", default: "Mara Lind" },
  },
});
for (const name of ["hook", "inbound-secret-file", "outbound-secret-file"])
  if (!options[name]) {
    console.error(`--${name} is missing; README.md shows how to start it`);
    process.exit(2);
  }

/** The bytes of a secret: base64 behind whsec_. */
const keyOf = (path) => Buffer.from(readFileSync(path, "ascii").trim().replace(/^whsec_/, ""), "base64");
const inboundKey = keyOf(options["inbound-secret-file"]);
const outboundKey = keyOf(options["outbound-secret-file"]);

const signature = (key, id, timestamp, body) =>
  "v1," + createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest("base64");

function isAuthentic(key, headers, body) {
  const { "webhook-id": id = "", "webhook-timestamp": timestamp = "", "webhook-signature": list = "" } = headers;
  if (!/^\d+$/.test(timestamp) || Math.abs(Date.now() / 1000 - Number(timestamp)) > toleranceSeconds) return false;
  const right = Buffer.from(signature(key, id, timestamp, body));
  const same = (one) => one.length === right.length && timingSafeEqual(one, right);
  return list.split(" ").map((one) => same(Buffer.from(one))).includes(true);
}

/** Tries again with the same webhook-id until Deskbridge has it: a 200 is a promise, anything else is none. */
async function post(type, data) {
  const id = "msg_" + randomUUID();
  const body = JSON.stringify({ type, timestamp: new Date().toISOString(), account: options.account, data });
  for (const seconds of [0, 1, 5, 30]) {
    await pause(seconds * 1000);
    const timestamp = String(Math.floor(Date.now() / 1000));
    const headers = {
      "Content-Type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      "webhook-signature": signature(inboundKey, id, timestamp, body),
    };
    try {
      const answer = await fetch(options.hook, { method: "POST", headers, body, signal: AbortSignal.timeout(15000) });
      if (answer.ok) return;
      console.log(`! ${type}: HTTP ${answer.status}`);
    } catch (error) {
      console.log(`! ${type}: ${error.message}`);
    }
  }
}

let choices = [];

async function say(line) {
  const data = { id: "m-" + randomUUID(), from: { id: options.customer, name: options.name } };
  const choice = /^\d+$/.test(line) ? choices[Number(line) - 1] : undefined;
  if (choice) Object.assign(data, { kind: "button", choice: { id: choice.id, title: choice.title } });
  else Object.assign(data, { kind: "text", text: line });
  await post("message.created", data);
}

/** A file is a link: whoever has it can fetch the file, until it ends. A real app would keep the bytes. */
async function fetchFile(media) {
  const answer = await fetch(media.url, { signal: AbortSignal.timeout(60000) });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  const content = Buffer.from(await answer.arrayBuffer());
  if (content.length !== media.size || createHash("sha256").update(content).digest("hex") !== media.sha256)
    throw new Error("these are not the bytes that were sent");
  console.log(`  [file] ${media.file_name ?? "file"} (${media.mime_type}, ${content.length} bytes)`);
}

async function confirm(message, data) {
  const receipt = { message, token: data.token };
  try {
    if (data.media) await fetchFile(data.media);
  } catch (error) {
    console.log(`! file: ${error.message}`);
    const failure = { because: "message", title: "the file could not be fetched" };
    return post("message.status", { ...receipt, status: "failed", error: failure });
  }
  for (const status of ["delivered", "read"]) await post("message.status", { ...receipt, status });
}

const answers = new Map(); // by webhook-id: what comes a second time gets the same answer and is shown once

/** A message from the shop's agents, or an automatic one; answers the id that it has here. */
function take(webhookId, data) {
  const known = answers.get(webhookId);
  if (known) return known;
  const message = { id: "d-" + randomUUID() };
  answers.set(webhookId, message);
  choices = data.buttons ?? data.list?.rows ?? [];
  console.log("< " + (data.text ?? "").replaceAll("\n", "\n  "));
  choices.forEach((choice, index) => console.log(`  [${index + 1}] ${choice.title}`));
  confirm(message.id, data);
  return message;
}

function judge(headers, body) {
  if (!isAuthentic(outboundKey, headers, body))
    return [401, { error: { because: "account", title: "the signature does not hold" } }];
  const event = JSON.parse(body);
  if (event.type !== "message.send") return [422, { error: { because: "message", title: `unknown type ${event.type}` } }];
  return [200, take(headers["webhook-id"], event.data)];
}

const server = createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  const [status, body] = judge(request.headers, Buffer.concat(parts));
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
});

server.listen(Number(options.port), "127.0.0.1", async () => {
  console.log("Write to the shop; Ctrl-D ends it.");
  for await (const line of createInterface({ input: process.stdin })) if (line.trim()) await say(line.trim());
  server.close();
  server.closeAllConnections?.();
});
