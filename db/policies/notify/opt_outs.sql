-- Read when something is told, added to by a STOP, taken from by a START. FND-15.

select app_private.classify('app_private.opt_outs', home => 'clinic', retention => 'clinic', classes =>
  '{"pii_basic": ["address"], "operational": ["organization_id", "channel", "since", "to_own_account"]}',
  unaudited => 'Each row is the record of one wish.');
select app_private.protect('app_private.opt_outs', engine => 'select, insert, update (to_own_account), delete');
