/**
 * The tables of the ledger. A migration that was released is never changed: what differs later is a new one after it.
 * Rows of what happened are only added, until their time is over or a patient is to be forgotten; a trigger holds that.
 * What is still to be asked is no such row: it is held by who asks, and goes with its answer.
 */
import type { Dialect } from './sql.ts'

/** By version, from 1 on. */
export const migrations: readonly ((dialect: Dialect) => string)[] = [
  (dialect) => {
    const { integer, real, id } = dialect.types
    return `
create table lumbar_ledger_evaluation (
  id text primary key,
  at ${integer} not null,
  hook text not null,
  mode text not null,
  instance text,
  issuer text,
  tenant text,
  pathway text not null,
  digest text not null,
  ms ${real},
  patient text not null,
  encounter text,
  clinician text,
  department text,
  strata text not null,
  verdicts text not null,
  prefetch text not null,
  unread ${integer} not null,
  passed_over ${integer} not null
);
create index lumbar_ledger_evaluation_at on lumbar_ledger_evaluation (at);
create index lumbar_ledger_evaluation_patient on lumbar_ledger_evaluation (patient, at);

create table lumbar_ledger_card (
  uuid text primary key,
  evaluation text not null,
  at ${integer} not null,
  hook text not null,
  issuer text,
  tenant text,
  patient text not null,
  clinician text,
  rule text not null,
  indicator text not null,
  shown ${integer} not null,
  why text,
  finding text not null,
  orders text not null,
  lines text not null,
  suggestions text not null
);
create index lumbar_ledger_card_patient on lumbar_ledger_card (patient, at);
create index lumbar_ledger_card_clinician on lumbar_ledger_card (clinician, at);
create index lumbar_ledger_card_evaluation on lumbar_ledger_card (evaluation);
create index lumbar_ledger_card_at on lumbar_ledger_card (at);

create table lumbar_ledger_ordered (
  evaluation text not null,
  place ${integer} not null,
  at ${integer} not null,
  hook text not null,
  patient text not null,
  kind text not null,
  made text not null,
  primary key (evaluation, place)
);
create index lumbar_ledger_ordered_made on lumbar_ledger_ordered (made, at);
create index lumbar_ledger_ordered_patient on lumbar_ledger_ordered (patient, at);
create index lumbar_ledger_ordered_at on lumbar_ledger_ordered (at);

create table lumbar_ledger_feedback (
  id ${id},
  told text not null unique,
  received ${integer} not null,
  service text not null,
  issuer text,
  tenant text,
  card text not null,
  outcome text not null,
  outcome_at ${integer} not null,
  suggestions text not null,
  reason_system text,
  reason_code text
);
create index lumbar_ledger_feedback_card on lumbar_ledger_feedback (card);
create index lumbar_ledger_feedback_caller on lumbar_ledger_feedback (issuer, tenant, received);
create index lumbar_ledger_feedback_received on lumbar_ledger_feedback (received);

create table lumbar_ledger_comment (
  told text primary key,
  received ${integer} not null,
  sealed text not null
);
create index lumbar_ledger_comment_received on lumbar_ledger_comment (received);
${['evaluation', 'card', 'ordered', 'feedback', 'comment'].map((table) => appendOnly(dialect, table)).join('')}`
  },
  /** What is kept sealed of an evaluation, for a short time. */
  (dialect) => {
    const { integer } = dialect.types
    return `
create table lumbar_ledger_sealed (
  evaluation text not null,
  kind text not null,
  until ${integer} not null,
  sealed text not null,
  primary key (evaluation, kind)
);
create index lumbar_ledger_sealed_until on lumbar_ledger_sealed (until);
${appendOnly(dialect, 'sealed')}`
  },
  /** What a FHIR server is still to be asked, sealed and for two days, and what became of those orders. */
  (dialect) => {
    const { integer } = dialect.types
    return `
create table lumbar_ledger_awaited (
  made text primary key,
  at ${integer} not null,
  evaluation text not null,
  patient text not null,
  kind text not null,
  due ${integer} not null,
  until ${integer} not null,
  held ${integer} not null,
  tries ${integer} not null,
  sealed text not null
);
create index lumbar_ledger_awaited_due on lumbar_ledger_awaited (due);
create index lumbar_ledger_awaited_until on lumbar_ledger_awaited (until);
create index lumbar_ledger_awaited_patient on lumbar_ledger_awaited (patient);

create table lumbar_ledger_became (
  made text not null,
  at ${integer} not null,
  evaluation text not null,
  patient text not null,
  kind text not null,
  answered ${integer} not null,
  outcome text not null,
  why text,
  primary key (made, at)
);
create index lumbar_ledger_became_at on lumbar_ledger_became (at);
create index lumbar_ledger_became_patient on lumbar_ledger_became (patient);
create index lumbar_ledger_became_evaluation on lumbar_ledger_became (evaluation);
${appendOnly(dialect, 'became')}`
  },
  /** What payers said of an order, in payer mode. */
  (dialect) => {
    const { integer } = dialect.types
    return `
create table lumbar_ledger_coverage (
  id text primary key,
  evaluation text not null,
  at ${integer} not null,
  issuer text,
  tenant text,
  patient text not null,
  made text not null,
  kind text not null,
  payer text not null,
  version text not null,
  covered text not null,
  pa_needed text,
  doc_needed text,
  told_by text not null,
  sent ${integer} not null
);
create index lumbar_ledger_coverage_patient on lumbar_ledger_coverage (patient, at);
create index lumbar_ledger_coverage_at on lumbar_ledger_coverage (at);
${appendOnly(dialect, 'coverage')}`
  },
  /** What a quality team writes beside its charts, and who looked at them. No patient is in either. */
  (dialect) => {
    const { integer, id } = dialect.types
    return `
create table lumbar_ledger_cycle (
  id text primary key,
  at ${integer} not null,
  author text not null,
  measure text not null,
  cycle text not null,
  phase text not null,
  day text not null,
  words text not null,
  withdraws text
);
create table lumbar_ledger_look (
  id ${id},
  at ${integer} not null,
  who text not null,
  role text not null,
  what text not null
);
create index lumbar_ledger_look_at on lumbar_ledger_look (at);
${['cycle', 'look'].map((table) => appendOnly(dialect, table)).join('')}`
  },
  /** Who shares the database hears of whom others have told something. Triggers, so that older instances are heard too. */
  ({ name }) => (name === 'sqlite' ? '' : telling),
]

/** What is notified must be shorter than 8,000 bytes: keys have 22 characters, names of cards at most 45. */
const telling = `
create function lumbar_ledger_tell_patients() returns trigger language plpgsql as '
begin
  perform pg_notify(''lumbar_ledger_'' || md5(tg_table_schema), ''patients '' || string_agg(patient, '' ''))
  from (select patient, (row_number() over () - 1) / 300 as part
    from (select distinct patient from added where shown = 1) each) parts group by part;
  return null;
end';
create trigger lumbar_ledger_card_told after insert on lumbar_ledger_card
  referencing new table as added for each statement execute function lumbar_ledger_tell_patients();
create function lumbar_ledger_tell_feedback() returns trigger language plpgsql as '
begin
  perform pg_notify(''lumbar_ledger_'' || md5(tg_table_schema), ''feedback '' || string_agg(card, '' ''))
  from (select card, (row_number() over () - 1) / 150 as part
    from (select distinct card from added) each) parts group by part;
  return null;
end';
create trigger lumbar_ledger_feedback_told after insert on lumbar_ledger_feedback
  referencing new table as added for each statement execute function lumbar_ledger_tell_feedback()`

function appendOnly({ name }: Dialect, table: string): string {
  const full = `lumbar_ledger_${table}`
  if (name === 'sqlite')
    return `
create trigger ${full}_stays before update on ${full} begin select raise(abort, 'rows of the ledger stay as they are'); end;`
  return `
create or replace function lumbar_ledger_stays() returns trigger language plpgsql as
  'begin raise exception ''rows of the ledger stay as they are''; end';
create trigger ${full}_stays before update on ${full} for each row execute function lumbar_ledger_stays();`
}

/** The tables with rows of patients, and the column by which they grow old. */
export const tables = {
  evaluation: 'at',
  card: 'at',
  ordered: 'at',
  coverage: 'at',
  feedback: 'received',
  comment: 'received',
  became: 'at',
} as const
export type Table = keyof typeof tables
