-- Test: publish_form_template, publish_template, is_published_alike - what an earlier version said is another version when it is said again; only what the last one says is none. FRM-02.
begin;
select plan(8);
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.form_template('a', jsonb_build_array(tests.form_item('x', 'boolean')));
create function pg_temp.publish(item text) returns int language plpgsql as $$
begin
  update app_public.form_templates set content = tests.form_content(jsonb_build_array(tests.form_item(item, 'boolean'))) where id = tests.id('a');
  return (app_public.publish_form_template(tests.id('a'))).version;
end $$;
select tests.act_as('adrian');
select is(pg_temp.publish('x'), 1, 'the same again is no version');
select is(pg_temp.publish('y'), 2, 'another one is');
select is(pg_temp.publish('x'), 3, 'and so is the first said again');
select tests.act_as('the database');
create function pg_temp.change(what text) returns int language plpgsql as $$
begin
  execute 'update app_public.form_templates set ' || what || ' where id = tests.id(''a'')';
  return (app_private.publish_template(tests.id('a'))).version;
end $$;
select is(pg_temp.change(w), n, w || ' is another version') from (values
  (4, 'signature_mode = ''remote_link'''), (5, 'link_inner_mode = case link_inner_mode when ''drawn'' then ''typed'' else ''drawn'' end'), (6, 'link_expires_minutes = 60'), (7, 'validity_months = 6'), (7, 'name = ''Another name''')) as w (n, w);
select * from finish();
rollback;
