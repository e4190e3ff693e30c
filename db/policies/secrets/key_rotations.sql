-- Begun, gone on with and finished by the worker. FND-11.

select app_private.classify('app_private.key_rotations', home => 'cell', retention => 'ledger', classes =>
  '{"operational": ["id", "started_at", "finished_at"]}');
select app_private.protect('app_private.key_rotations', engine => 'select, insert, update');
