/**
 * What the facts of the chart library are made of. An entry is judged in one word: 'counts', 'does-not', or 'unknown' where this
 * library cannot tell; the latter also wherever Lumbar would have to hear words, or read an unusual spelling.
 */
import type { Content } from '../pathway/content.ts'
import { list, text } from './writing.ts'

/** How the owners of a code system write its codes: what is written otherwise is left to Lumbar. */
const written: Readonly<Record<string, string>> = {
  'http://hl7.org/fhir/sid/icd-10-cm': '^[A-TV-Z][0-9][0-9A-Z](\\\\.[0-9A-Z]{1,4})?$',
  'http://hl7.org/fhir/sid/icd-9-cm': '^([0-9]{3}|V[0-9]{2}|E[0-9]{3})(\\\\.[0-9]{1,2})?$',
  'http://snomed.info/sct': '^[1-9][0-9]{5,17}$',
  'http://loinc.org': '^[0-9]{1,7}-[0-9]$',
  'http://www.ama-assn.org/go/cpt': '^[0-9]{4}[0-9FTUM]$',
  'https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets': '^[A-V][0-9]{4}$',
  'http://www.nlm.nih.gov/research/umls/rxnorm': '^[1-9][0-9]{0,7}$',
}

export function chartFunctions({ answerCodes }: Pick<Content, 'answerCodes'>): string[] {
  const { standing, withdrawn } = answerCodes
  const codes = (all: readonly string[]) => list(all.map(text))
  const isWritten = Object.entries(written).map(
    ([system, form]) => `(X.system.value = ${text(system)} and Matches(X.code.value, '${form}'))`,
  )
  return [
    `// A code of a system that Lumbar holds, as its owners write it.
define function "Is held"(X FHIR.Coding):
  Coalesce(
    ${isWritten.join('\n    or ')},
    false)`,
    `// Words beside a code may take it back, or put it into the past.
define function "Says no more than its codes"(said FHIR.CodeableConcept):
  said.text.value is null or exists (said.coding X where X.display.value = said.text.value)`,
    `// Codes alone say what it is about: nothing of its own is written beside them, and all are held.
define function "Is said by codes"(said FHIR.CodeableConcept):
  Coalesce(exists (said.coding) and not exists (said.coding X where not "Is held"(X)) and "Says no more than its codes"(said), false)`,
    `// A row with a tilde and a letter stands for the codes below it whose seventh character, the encounter, is that letter.
define function "Is below"(written String, row String):
  case
    when PositionOf('~', row) > 0 then Length(written) = 8 and StartsWith(written, Substring(row, 0, PositionOf('~', row)))
      and EndsWith(written, Substring(row, PositionOf('~', row) + 1))
    else StartsWith(written, row)
  end`,
    `// Codes of ICD gain digits from year to year: a code also stands for those below it, but for those of another group.
define function "Begins with"(said FHIR.CodeableConcept, system String, wanted List<String>, others List<String>):
  exists (said.coding X
    where X.system.value = system
      and exists (wanted W where "Is below"(X.code.value, W))
      and not exists (others O where "Is below"(X.code.value, O)))`,
    `// The same, for what may be meant.
define function "May begin with"(said FHIR.CodeableConcept, system String, wanted List<String>):
  exists (said.coding X where X.system.value = system and exists (wanted W where "Is below"(X.code.value, W)))`,
    `// Systems write 1900-01-01, the birth of Unix time, or next century where nobody gave a date.
define function "Is believed"(written Date):
  written > @1900-01-01 and difference in days between "today" and written <= 1 and not (written in {@1970-01-01, @1969-12-31})
    and Coalesce(written >= Patient.birthDate.value, true)`,
    `// Null: no date, or one that is known in part or not believed.
define function "Days since written"(written DateTime):
  case
    when written is null or Precision(written) < 8 then null as Integer
    when "Is believed"(date from written) then Max({0, difference in days between (date from written) and "today"})
    else null
  end`,
    `define function "Codes of"(said FHIR.CodeableConcept): said.coding X return all Lower(X.code.value)`,
    `define "All problems": [Condition]`,
    `define function "Has abated"(C FHIR.Condition):
  C.abatement is not null and not (C.abatement is FHIR.Period and (C.abatement as FHIR.Period).\`end\` is null)`,
    `// 'active', 'past' or 'unstated'; null where it is said in words.
define function "Standing of"(C FHIR.Condition):
  case
    when exists (("Codes of"(C.clinicalStatus)) S where S in ${codes(standing.active.codes)})
      then if "Has abated"(C) then 'unstated' else 'active'
    when exists (("Codes of"(C.clinicalStatus)) S where S in ${codes(standing.past.codes)}) then 'past'
    when C.clinicalStatus is not null then null
    when "Has abated"(C) then 'past'
    else 'unstated'
  end`,
    `// Said in error, refuted; null where it is said in words.
define function "Problem is withdrawn"(C FHIR.Condition):
  case
    when C.verificationStatus is null then false
    when exists (("Codes of"(C.verificationStatus)) S where S in ${codes(withdrawn.codes)}) then true
    when exists (("Codes of"(C.verificationStatus)) S where S in {'confirmed', 'unconfirmed', 'provisional', 'differential'}) then false
    else null
  end`,
    `define function "Has a date"(C FHIR.Condition):
  C.onset is FHIR.dateTime or C.onset is FHIR.Period or C.recordedDate is not null or C.encounter is not null`,
    `// When it began; without that, when it was written down. What was written on a visit without a date is dated by the visit.
define function "Days since problem"(C FHIR.Condition):
  case
    when C.onset is FHIR.dateTime then "Days since written"((C.onset as FHIR.dateTime).value)
    when C.onset is FHIR.Period then "Days since written"((C.onset as FHIR.Period).start.value)
    else "Days since written"(C.recordedDate.value)
  end`,
    `define function "In window"(ago Integer, reach Integer, beyond Integer):
  case when ago > reach or ago <= beyond then 'does-not' when ago <= reach and ago > beyond then 'counts' else 'unknown' end`,
    `define function "Problem judged"(C FHIR.Condition, status String, orActive Boolean, reach Integer, reachIfActive Integer, beyond Integer, undated String):
  case
    when "Problem is withdrawn"(C) then 'does-not'
    when not "Says no more than its codes"(C.code) or "Problem is withdrawn"(C) is null or "Standing of"(C) is null then 'unknown'
    when status = 'active' and "Standing of"(C) = 'past' then 'does-not'
    when status = 'past' and "Standing of"(C) != 'past' then 'does-not'
    when orActive and "Standing of"(C) = 'active' then 'counts'
    when reach is null then 'counts'
    when not "Has a date"(C) then
      if status != 'past' and "Standing of"(C) = 'past' then 'does-not' else undated
    else "In window"("Days since problem"(C), if "Standing of"(C) = 'active' then reachIfActive else reach, beyond)
  end`,
    `// Where the day on which it ended decides, what is past is left to Lumbar.
define function "Problem judged by its end"(C FHIR.Condition, status String, orActive Boolean, reach Integer, reachIfActive Integer, beyond Integer, undated String):
  case
    when "Problem is withdrawn"(C) then 'does-not'
    when "Standing of"(C) = 'past' then 'unknown'
    else "Problem judged"(C, status, orActive, reach, reachIfActive, beyond, undated)
  end`,
    `// Without a day that tells the whole question is whether it is new; words and visits may date it, which is left to Lumbar.
define function "Problem without a day"(C FHIR.Condition, status String, orActive Boolean, reach Integer, reachIfActive Integer, beyond Integer, undated String):
  case
    when "Problem is withdrawn"(C) then 'does-not'
    when not "Says no more than its codes"(C.code) or "Problem is withdrawn"(C) is null or "Standing of"(C) is null then 'unknown'
    when "Standing of"(C) = 'past' then 'does-not'
    when "Days since problem"(C) is not null then 'does-not'
    else 'unknown'
  end`,
    `// A visit or an order that names a problem dates it anew.
define function "Or seen again"(C FHIR.Condition, judged String):
  if judged = 'does-not' and not Coalesce("Problem is withdrawn"(C), false)
      and exists ("References of reasons" R where R = 'Condition/' + C.id.value)
    then 'unknown' else judged`,
    `define function "Or on this visit"(judged String):
  if judged = 'does-not' and not "There is no visit" then 'unknown' else judged`,
    `define function "Procedure judged"(P FHIR.Procedure, reach Integer, beyond Integer):
  case
    when P.status.value = 'entered-in-error' or P.status.value = 'not-done' then 'does-not'
    when P.status.value != 'completed' or not "Says no more than its codes"(P.code) then 'unknown'
    when reach is null then 'counts'
    when P.performed is FHIR.dateTime then "In window"("Days since written"((P.performed as FHIR.dateTime).value), reach, beyond)
    when P.performed is FHIR.Period then "In window"("Days since written"((P.performed as FHIR.Period).start.value), reach, beyond)
    else 'unknown'
  end`,
    `define function "Observation is withdrawn"(O FHIR.Observation): O.status.value in {'entered-in-error', 'cancelled'}`,
    `// Parts of observations: what was asked, and what was answered.
define "Component codes":
  flatten ([Observation] O where exists (O.component) and not "Observation is withdrawn"(O)
    return all flatten (O.component P return all "Coded"(P.code) union "Coded"(P.value as FHIR.CodeableConcept)))`,
    `// A retrieve by value trips over quantities in some engines: coded answers are looked at one by one.
define "Answers and parts":
  (flatten ([Observation] O where O.value is FHIR.CodeableConcept and not "Observation is withdrawn"(O)
    return all "Coded"(O.value as FHIR.CodeableConcept))) union "Component codes"`,
    `define function "Coded"(said FHIR.CodeableConcept):
  said.coding X return all Code { code: X.code.value, system: X.system.value }`,
    `define function "Is by ICD"(said FHIR.CodeableConcept):
  exists (said.coding X where StartsWith(X.system.value, 'http://hl7.org/fhir/sid/icd'))`,
    `define function "Days since observed"(O FHIR.Observation):
  case
    when O.effective is FHIR.dateTime then "Days since written"((O.effective as FHIR.dateTime).value)
    when O.effective is FHIR.instant then "Days since written"((O.effective as FHIR.instant).value)
    when O.effective is FHIR.Period then "Days since written"((O.effective as FHIR.Period).start.value)
    else "Days since written"(O.issued.value)
  end`,
    `// In this unit, or in any where none is asked for; null where it is less or more than a number.
define function "Value of"(O FHIR.Observation, unit String):
  case
    when not "Is final"(O) then null as Decimal
    when O.value is FHIR.integer and unit is null then ToDecimal((O.value as FHIR.integer).value)
    when O.value is FHIR.Quantity and (O.value as FHIR.Quantity).comparator is null
        and (unit is null or (O.value as FHIR.Quantity).code.value = unit)
      then (O.value as FHIR.Quantity).value.value
    else null
  end`,
    `define function "Is final"(O FHIR.Observation): Coalesce(O.status.value in {'final', 'amended', 'corrected'}, false)`,
    `// By the codes of the answer; what is said otherwise, or by other codes, is left to Lumbar.
define function "Answer says"(O FHIR.Observation, counting List<String>, denying List<String>):
  case
    when not "Is final"(O) or not (O.value is FHIR.CodeableConcept) then 'unknown'
    when exists (("Codes of"(O.value as FHIR.CodeableConcept)) S where S in counting) then 'counts'
    when exists (("Codes of"(O.value as FHIR.CodeableConcept)) S where S in denying) then 'does-not'
    else 'unknown'
  end`,
    `define function "Is flagged"(O FHIR.Observation, flags List<String>):
  "Is final"(O) and exists (O.interpretation I where exists (("Codes of"(I)) S where S in flags))`,
    `define function "Only yes"(found Boolean): if found is true then true else null as Boolean`,
    `define function "Ever said"(taken List<Tuple { ago Integer, says String }>, reach Integer):
  case
    when exists (taken T where T.ago <= reach and T.says = 'counts') then true
    when "Observations are told"
        and not exists (taken T where T.ago is null or (T.ago <= reach and T.says = 'unknown')) then false
    else null as Boolean
  end`,
    `// Of several of the newest day none is the later one: one that counts is enough.
define function "Latest says"(taken List<Tuple { ago Integer, says String }>, reach Integer):
  case
    when not "Observations are said by codes" or exists (taken T where T.ago is null) then null as Boolean
    when exists (("Newest"(taken, reach)) T where T.says = 'counts') then true
    when "Observation told in full" is true and not exists (("Newest"(taken, reach)) T where T.says = 'unknown') then false
    else null
  end`,
    `define function "Newest"(taken List<Tuple { ago Integer, says String }>, reach Integer):
  taken T where T.ago <= reach and T.ago = Min(taken N return all N.ago)`,
    `// From the highest to the newest of the window; of several of the newest day nobody knows which is the later.
define function "Fell"(taken List<Tuple { ago Integer, value Decimal }>, reach Integer, percent Decimal):
  "Fell among"(taken T where T.ago is null or T.ago <= reach, percent)`,
    `define function "Fell among"(taken List<Tuple { ago Integer, value Decimal }>, percent Decimal):
  case
    when exists (taken T where T.ago is null or T.value is null or T.value <= 0.0)
        or Count(taken T where T.ago = Min(taken N return all N.ago)) > 1 then null as Boolean
    when exists (taken T where T.ago = Min(taken N return all N.ago)
        and (Max(taken N return all N.value) - T.value) / Max(taken N return all N.value) * 100.0 >= percent) then true
    when "Observations are told" then false
    else null
  end`,
    `// Null where the day of birth is known in part.
define "Age":
  if Precision(Patient.birthDate.value) = 8 and Patient.birthDate.value <= "today"
  then years between Patient.birthDate.value and "today" else null as Integer`,
    `define function "As interval"(value Decimal):
  if value is null then null
  else Interval[System.Quantity { value: value, unit: '1' }, System.Quantity { value: value, unit: '1' }]`,
    `// True where one entry counts; false where the caller vouches for the rest, and none may count.
define function "Found"(judged List<String>, complete Boolean):
  case
    when 'counts' in judged then true
    when complete and not ('unknown' in judged) then false
    else null as Boolean
  end`,
  ]
}
