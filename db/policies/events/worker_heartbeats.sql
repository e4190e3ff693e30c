-- Workers beat, and are reaped, through functions. FND-14.

select app_private.classify('app_private.worker_heartbeats', home => 'cell', retention => 'operations', classes =>
  '{"operational": ["worker_id", "host", "pid", "started_at", "seen_at"]}',
  unaudited => 'A sign of life every few seconds, of processes and not of people.');
select app_private.protect('app_private.worker_heartbeats', engine => 'select, insert, update, delete');
