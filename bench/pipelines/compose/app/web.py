# Takes jobs and tells of their results.
import http.server
import json
import os

import psycopg2
import redis

cache = redis.Redis("cache")
database = psycopg2.connect(os.environ["DATABASE"])
database.autocommit = True
with database.cursor() as cursor:
    cursor.execute("create table if not exists results (number bigint primary key, square bigint)")


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        cache.rpush("jobs", self.rfile.read(int(self.headers["Content-Length"])))
        self.answer(202, {})

    def do_GET(self):
        with database.cursor() as cursor:
            cursor.execute("select number, square from results order by number")
            self.answer(200, dict(cursor.fetchall()))

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(("", 8000), Handler).serve_forever()
