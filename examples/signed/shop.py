#!/usr/bin/env python3
"""A tiny shop chat behind Deskbridge's signed channel, in one file and without packages.

You are the customer: every line that you type is a message, a number taps the choice of that number. What the shop
answers is printed, and confirmed with receipts. See README.md beside this file.
"""
import argparse
import base64
import hashlib
import hmac
import http.server
import json
import sys
import threading
import time
import urllib.request
import uuid

TOLERANCE_S = 300


def key_of(path):
    """The bytes of a secret: base64 behind whsec_."""
    with open(path, encoding="ascii") as file:
        return base64.b64decode(file.read().strip().removeprefix("whsec_"))


def signature(key, webhook_id, timestamp, body):
    text = f"{webhook_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()


def is_authentic(key, headers, body):
    webhook_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not timestamp.isdecimal() or abs(time.time() - int(timestamp)) > TOLERANCE_S:
        return False
    right = signature(key, webhook_id, timestamp, body)
    claimed = headers.get("webhook-signature", "").encode().split(b" ")
    return any([hmac.compare_digest(right.encode(), one) for one in claimed])


class Shop:
    def __init__(self, options):
        self.options = options
        self.inbound_key = key_of(options.inbound_secret_file)
        self.outbound_key = key_of(options.outbound_secret_file)
        self.answers = {}  # by webhook-id: what comes a second time gets the same answer and is shown once
        self.choices = []
        self.lock = threading.Lock()

    def post(self, kind, data):
        """Tries again with the same webhook-id until Deskbridge has it: a 200 is a promise, anything else is none."""
        webhook_id = "msg_" + uuid.uuid4().hex
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        body = json.dumps({"type": kind, "timestamp": now, "account": self.options.account, "data": data}).encode()
        for pause in (0, 1, 5, 30):
            time.sleep(pause)
            timestamp = str(int(time.time()))
            headers = {"Content-Type": "application/json", "webhook-id": webhook_id, "webhook-timestamp": timestamp,
                       "webhook-signature": signature(self.inbound_key, webhook_id, timestamp, body)}
            try:
                with urllib.request.urlopen(urllib.request.Request(self.options.hook, body, headers), timeout=15):
                    return
            except OSError as error:
                print(f"! {kind}: {error}", flush=True)

    def say(self, line):
        data = {"id": "m-" + uuid.uuid4().hex, "from": {"id": self.options.customer, "name": self.options.name}}
        if line.isdecimal() and 0 < int(line) <= len(self.choices):
            choice = self.choices[int(line) - 1]
            data |= {"kind": "button", "choice": {"id": choice["id"], "title": choice["title"]}}
        else:
            data |= {"kind": "text", "text": line}
        self.post("message.created", data)

    def take(self, webhook_id, data):
        """A message from the shop's agents, or an automatic one; answers the id that it has here."""
        with self.lock:
            known = self.answers.get(webhook_id)
            if known:
                return known
            message = self.answers[webhook_id] = {"id": "d-" + uuid.uuid4().hex}
            self.choices = data.get("buttons") or data.get("list", {}).get("rows", [])
            print("< " + data.get("text", "").replace("\n", "\n  "), flush=True)
            for number, choice in enumerate(self.choices, 1):
                print(f"  [{number}] {choice['title']}", flush=True)
        threading.Thread(target=self.confirm, args=(message["id"], data), daemon=True).start()
        return message

    def confirm(self, message, data):
        receipt = {"message": message, "token": data["token"]}
        try:
            if "media" in data:
                self.fetch(data["media"])
        except (OSError, ValueError) as error:
            print(f"! file: {error}", flush=True)
            failed = {"status": "failed", "error": {"because": "message", "title": "the file could not be fetched"}}
            return self.post("message.status", receipt | failed)
        for status in ("delivered", "read"):
            self.post("message.status", receipt | {"status": status})

    def fetch(self, media):
        """A file is a link: whoever has it can fetch the file, until it ends. A real app would keep the bytes."""
        with urllib.request.urlopen(media["url"], timeout=60) as answer:
            content = answer.read(media["size"] + 1)
        if len(content) != media["size"] or hashlib.sha256(content).hexdigest() != media["sha256"]:
            raise ValueError("these are not the bytes that were sent")
        print(f"  [file] {media.get('file_name', 'file')} ({media['mime_type']}, {len(content)} bytes)", flush=True)


def handler_for(shop):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if not is_authentic(shop.outbound_key, self.headers, body):
                return self.answer(401, {"error": {"because": "account", "title": "the signature does not hold"}})
            event = json.loads(body)
            if event["type"] != "message.send":
                return self.answer(422, {"error": {"because": "message", "title": "unknown type " + event["type"]}})
            self.answer(200, shop.take(self.headers["webhook-id"], event["data"]))

        def answer(self, status, body):
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            pass

    return Handler


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--hook", required=True, help="where Deskbridge listens: http://127.0.0.1:8080/hooks/shop")
    options.add_argument("--port", type=int, default=9000, help="where this program listens, on loopback")
    options.add_argument("--account", default="shop", help="account_id in deskbridge.toml")
    options.add_argument("--inbound-secret-file", required=True, help="signs what is posted to Deskbridge")
    options.add_argument("--outbound-secret-file", required=True, help="signs what Deskbridge posts")
    options.add_argument("--customer", default="u-1")
    options.add_argument("--name", default="Mara Lind")
    shop = Shop(options.parse_args())
    server = http.server.ThreadingHTTPServer(("127.0.0.1", shop.options.port), handler_for(shop))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print("Write to the shop; Ctrl-D ends it.", flush=True)
    for line in sys.stdin:
        if line.strip():
            shop.say(line.strip())


if __name__ == "__main__":
    main()
