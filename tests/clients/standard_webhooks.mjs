// A shop whose signatures are made and checked by the npm package standardwebhooks, unmodified; otherwise as small as it can be.
// DESKBRIDGE_CLIENTS names the folder where install.sh put it; if it did not, there is nothing to do.
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

const folder = process.env.DESKBRIDGE_CLIENTS;
if (!folder || !existsSync(`${folder}/node_modules/standardwebhooks`)) process.exit(77);
const { Webhook } = createRequire(`${folder}/`)("standardwebhooks");

const { values: options } = parseArgs({
  options: {
    hook: { type: "string" },
    port: { type: "string" },
    "inbound-secret-file": { type: "string" },
    "outbound-secret-file": { type: "string" },
  },
});
const webhook = (name) => new Webhook(readFileSync(options[name], "ascii").trim());
const inbound = webhook("inbound-secret-file");
const outbound = webhook("outbound-secret-file");

let count = 0;
async function post(type, data) {
  const now = new Date();
  const id = `msg_${process.pid}_${++count}`;
  const body = JSON.stringify({ type, timestamp: now.toISOString(), account: "shop", data });
  const headers = {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(now / 1000)),
    "webhook-signature": inbound.sign(id, now, body),
  };
  const answer = await fetch(options.hook, { method: "POST", headers, body });
  if (!answer.ok) console.log(`! ${type}: HTTP ${answer.status}`);
}

const server = createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  try {
    const { data } = outbound.verify(Buffer.concat(parts).toString(), request.headers);
    const message = { id: `d-${++count}` };
    console.log("< " + (data.text ?? ""));
    response.writeHead(200).end(JSON.stringify(message));
    if (data.media) {
      const file = Buffer.from(await (await fetch(data.media.url)).arrayBuffer());
      console.log(`  [file] ${data.media.file_name} (${data.media.mime_type}, ${file.length} bytes)`);
    }
    for (const status of ["delivered", "read"]) await post("message.status", { message: message.id, token: data.token, status });
  } catch (error) {
    response.writeHead(401).end(JSON.stringify({ error: { because: "account", title: error.message } }));
  }
});

server.listen(Number(options.port), "127.0.0.1", async () => {
  console.log("ready");
  for await (const text of createInterface({ input: process.stdin }))
    await post("message.created", { id: `m-${++count}`, from: { id: "u-1" }, kind: "text", text });
  server.close();
  server.closeAllConnections?.();
});
