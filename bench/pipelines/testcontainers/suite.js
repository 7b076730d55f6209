// A suite as its users write it: a database and a service for the tests, made new for each file.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { GenericContainer, Wait } from 'testcontainers';

let [database, site, client] = [];

before(async () => {
  [database, site] = await Promise.all([
    new GenericContainer('keepset-pipeline/database:1')
      .withExposedPorts(5432)
      .withEnvironment({ PGPASSWORD: 'not-written-down' })
      .withCommand(['postgres', '-c', 'listen_addresses=*', '-c', 'hba_file=/tmp/pg_hba.conf'])
      .withCopyContentToContainer([
        { content: 'host all all all trust\nlocal all all trust\n', target: '/tmp/pg_hba.conf', mode: 0o644 },
      ])
      .withWaitStrategy(Wait.forLogMessage(/database system is ready to accept connections/))
      .start(),
    new GenericContainer('keepset-pipeline/site:1')
      .withExposedPorts(80)
      .withWaitStrategy(Wait.forHttp('/', 80))
      .start(),
  ]);
  client = new pg.Client({ host: database.getHost(), port: database.getMappedPort(5432), user: 'postgres' });
  await client.connect();
  await client.query('create table orders (id serial primary key, item text, price numeric)');
});
after(async () => {
  await client?.end();
  await Promise.all([database?.stop(), site?.stop()]);
});

test('orders are stored', async () => {
  await client.query("insert into orders (item, price) values ('tea', 2.5), ('bread', 3.2)");
  const { rows } = await client.query('select sum(price) from orders');
  assert.equal(rows[0].sum, '5.7');
});

test('a transaction that fails leaves nothing', async () => {
  await client.query('begin');
  await client.query("insert into orders (item, price) values ('salt', 1)");
  await assert.rejects(client.query('select 1 / 0'), /division by zero/);
  await client.query('rollback');
  const { rows } = await client.query("select count(*) from orders where item = 'salt'");
  assert.equal(rows[0].count, '0');
});

test('the database is backed up by a program in its container', async () => {
  const { exitCode, output } = await database.exec(['pg_dump', '--schema-only', '-U', 'postgres']);
  assert.equal(exitCode, 0);
  assert.match(output, /CREATE TABLE public\.orders/);
});

test('the site answers', async () => {
  const answer = await fetch(`http://${site.getHost()}:${site.getMappedPort(80)}/`);
  assert.equal(answer.status, 200);
});

test('a container that ends by itself is waited for', async () => {
  const ended = await new GenericContainer('keepset-pipeline/scripts:1')
    .withCommand(['python3', '-c', 'print(6 * 7)'])
    .withWaitStrategy(Wait.forOneShotStartup())
    .start();
  const text = (await Array.fromAsync(await ended.logs())).join('');
  assert.match(text, /42/);
  await ended.stop();
});
