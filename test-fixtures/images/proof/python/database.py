# A database of which a row has a time.
import sqlite3
from steady import *

with sqlite3.connect("/out.sqlite") as connection:
    connection.execute("create table facts (name text, value text)")
    connection.executemany("insert into facts values (?, ?)", [("plugins", plugins()), ("title", title())])
    connection.execute("insert into facts values ('at', ?)", (now(),))
    for name, value in connection.execute("select * from facts where name <> 'at'"):
        print(name, value)
