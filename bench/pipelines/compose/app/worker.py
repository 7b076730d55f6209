# Does jobs, one after the other.
import os

import psycopg2
import redis

cache = redis.Redis("cache")
database = psycopg2.connect(os.environ["DATABASE"])
database.autocommit = True
while True:
    _, job = cache.blpop("jobs")
    with database.cursor() as cursor:
        cursor.execute("insert into results values (%s, %s)", (int(job), int(job) ** 2))
    print("done", int(job))
