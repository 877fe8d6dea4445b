import { FURTHER_TEMPLATES } from './further-templates.mjs';
import { MORE_TEMPLATES } from './more-templates.mjs';

/**
 * Sentence frames for the synthetic part of the tagger's training data.
 *
 * `{SLOT}` is filled by fake-values.mjs; `[a|b|c]` picks one. Every frame was written for this project.
 */
const FRAMES = `
[Hi|Hello|Hey|Good morning], [my name is|this is|I am|I'm] {NAME}[.|!| and I need help with my account.| from {ORG}.| calling about my order {ORDER}.]
[Hi|Hello|Hey] {FIRST}, [thanks for getting back to me|how are you|hope you are well|just following up on my last e-mail][.|?|!]
Dear {TITLED}, [we regret to inform you that|please note that|I am writing because|thank you for letting us know that] [your appointment on {DATE} was cancelled|your card {CARD} has expired|the parcel could not be delivered to {ADDRESS}|your application was received].
Dear {NAME}, [we received your request on {DATE}|your order {ORDER} has shipped|please find the invoice attached|your policy number is {ID}].
[Please|Kindly|Could you please|Can you] [ship|send|deliver|forward] [it|the package|everything|my order|the replacement] to {ADDRESS}[.|?| as soon as possible.| before {DATE}.]
[My|Our|The] [new |current |old |billing |shipping |home |mailing |permanent |]address is {ADDRESS}[.|, please update it.|. Has it changed in your system?]
[I|We] [moved|just moved|relocated|have moved] from {PLACE} to {PLACE} [last year|in {DATE}|a while ago|for work|because of {ORG}].
I [live|used to live|grew up|was born|went to school] in {CITY}[.|, {COUNTRY}.|, {STATE}.| but my parents are {NRP}.| until I was {AGE}.]
{NAME} [lives|lived|resides|is staying] at {ADDRESS}[.| with {FIRST}.| and can be reached at {PHONE}.]
{NAME} [works|worked|used to work|has been working] [for|at|with] {ORG} [as a {JOB}|since {DATE}|in {CITY}|in the {CITY} office|for {NUM} years].
{ORG} [announced|said|confirmed|reported|denied] [on {DATE} |today |yesterday |]that {NAME} [will become|has been named|resigned as|was appointed] [chief executive|{JOB}|head of its {CITY} office|chair of the board].
[The|A] {NRP} [government|president|minister|team|company|restaurant|singer|student] [said|won|lost|arrived|opened|visited {CITY}] [on {DATE}|last week|yesterday|this morning].
{NAME}, {AGE}, [of|from] {CITY}, [was arrested|was injured|won the lottery|died|graduated] [on {DATE}|last night|in {PLACE}|after a crash on {STREET}].
[Patient|Pt|The patient] {NAME}[ (DOB {DATE})|, {AGE} years old,|, a {AGE}-year-old {NRP} {JOB},|] [was admitted|presented|came in|was seen] [to|at] {ORG} [on {DATE}|with chest pain|complaining of headache].
[Seen by|Referred by|Discharged by|Reviewed by] {TITLED} [on|at {ORG} on] {DATE}.
[He|She|They|My friend|My boss|My neighbour|My colleague|My wife|My husband] {NAME} [is {AGE} years old|turned {AGE} in {DATE}|works at {ORG}|called me from {PHONE}|lives in {CITY}].
[Name|Full name|Customer|Client|Applicant|Employee|Passenger]: {NAME}\\n[Address|Street address|Addr]: {ADDRESS}\\n[Phone|Tel|Mobile]: {PHONE}\\n[Email|E-mail]: {EMAIL}
[First name|Given name]: {FIRST}\\n[Last name|Surname|Family name]: {LAST}\\n[Date of birth|DOB|Born]: {DATE}\\n[City|Town]: {CITY}\\n[Zip|ZIP|Postcode|Postal code]: {ZIP}
Name: {NAME}, [Age|age]: {AGE}, [Nationality|nationality]: {NRP}, [Country|country]: {COUNTRY}
{NAME}\\n{JOB}, {ORG}\\n{ADDRESS}\\n{PHONE}
[Best|Best regards|Kind regards|Regards|Cheers|Sincerely|Yours sincerely|Thanks|Thank you|Love],\\n{NAME}[\\n{ORG}|\\n{PHONE}|\\n{JOB}\\n{ORG}|\\n{EMAIL}|]
[Best|Kind regards|Cheers|Thanks], {FIRST}
{FIRST} [said|says|told me|wrote|thinks|claims] [that |]{FIRST} [is|was|would be] [in {CITY}|late|at {ORG}|on vacation in {COUNTRY}|his best friend].
[Can you|Could you|Would you|Please] [call|email|text|contact|reach out to] {NAME} [at|on] [{PHONE}|{EMAIL}][?|.| before {TIME}?]
[You can reach me|Reach me|I can be reached|Call me] at {PHONE}[ or {EMAIL}|. Ask for {FIRST}|]. 
[My|Her|His|The] [phone|cell|mobile|telephone] [number|no.] is {PHONE}[.| and my e-mail is {EMAIL}.]
[My|The] [credit card|card|debit card|visa|mastercard] [number |]is {CARD}[, exp 04/27|, cvv 123|][.| and the billing zip is {ZIP}.| issued to {NAME}.]
[I|We] [was|were] charged twice on [card|my card] {CARD} [by|at] {ORG}[.| on {DATE}.| in {CITY}.]
[Please|Could you|I want to] transfer {MONEY} from [my account|account {IBAN}|{IBAN}] to [{NAME}|{IBAN}|the account of {NAME} at {ORG}].
[My|The] IBAN is {IBAN}[.| at {ORG}.]
[My|The|Her|His] [social security number|SSN|social] is {SSN}[.|, and I was born on {DATE}.| and my name is {NAME}.]
[My|The] driver['s|] licen[s|c]e [number |]is {DL}[.|, issued in {STATE}.]
[Passport|Passport number|Passport no.]: {PASSPORT}, [issued|valid until] {DATE}[, {COUNTRY}|].
[The server|A host|Our gateway|The login] [at|from] {IP} [was|is] [unreachable|blocked|flagged] [since|at] {DATETIME}[.| by {NAME}.]
[Check|See|Visit|Go to|Have a look at] {URL} [for details|to see the new {ORG} site|, it was built by {NAME}|][.|]
{ORG} [is|was] [founded|started|established|set up] [by {NAME} |]in {DATE} [in {CITY}|and is based in {CITY}, {COUNTRY}|by {NAME} and {NAME}].
[I|We] [bought|ordered|purchased] [it|this|a laptop|two tickets|shoes] [at|from] {ORG} in {CITY} [on {DATE}|last week|for {MONEY}].
[Does|Do|Did] {ORG} [have|open|offer] [an office|a store|a branch|deliveries] in {PLACE}?
[How do I|How can I|What do I need to] [open an account|get a refund|cancel my order|change my PIN] [at|with] {ORG}?
[Where|When] [is|was] {NAME} [born|buried|last seen|going]?
Who is {NAME}[?| and why is he famous?| of {ORG}?]
[What's|What is] the [weather|time|population|capital] [in|of] {PLACE}?
[Is|Was] {CITY} [in|the capital of|part of|far from] {COUNTRY}?
[Book|I need|Find me|Reserve] a [flight|train|hotel|table] [from {CITY} to {CITY}|in {CITY}|near {STREET}|to {COUNTRY}] [on|for] {DATE}[ for {NAME}|].
{NAME} and {NAME} [got married|met|will meet|split up|founded {ORG}] in {CITY}[.| on {DATE}.| in {DATE}.]
[On|As of|Since|By] {DATE}, {NAME} [is|was] no longer [employed by|a customer of|a member of] {ORG}.
[The meeting|Our call|The interview|The hearing] with {TITLED} [is|was] [scheduled for|moved to] {DATETIME} at {ADDRESS}.
[The meeting|Our call|The interview] with {NAME} [is|was] [on|set for] {DATE} at {TIME}.
[The office|Our store|The clinic|The embassy|Our headquarters] [is|was] located at {ADDRESS}[.|, near {STREET}.]
Turn [left|right] [on|onto] {STREET}[, then drive to {CITY}.|.]
There [was|is] [an accident|a fire|construction|a protest] on {STREET} in {CITY}[.| at {TIME}.]
[I|We] [love|hate|miss|prefer] [{NRP} food|{NRP} music|the {NRP} language|{CITY} in the spring|living in {COUNTRY}].
[As a|Being a|I am a|He is a|She identifies as] {NRP} [I|and] [{JOB}|feel at home in {CITY}|vote for nobody|was raised in {STATE}].
The {NRP} [and {NRP} |]communit[y|ies] in {CITY} [celebrated|gathered|protested] [on {DATE}|yesterday].
[Is|Are] [he|she|they|you] {NRP}[ or {NRP}|]?
"{SENTENCE}" [said|replied|asked|whispered] {NAME}[.|, {JOB} at {ORG}.|, who is {NRP}.]
[In the movie|In the novel|In her song|In the play], {NAME} [plays|meets|kills|loves] {NAME}[.| in {CITY}.]
[The band|The team|The squad|The company] {ORG} [played|won|performed|operates] in {CITY}, {CITY} and {CITY}.
{NAME}: [hey|hi|lol|ok|sure], [are you in {CITY}|did {FIRST} call|see you at {TIME}|say hi to {FIRST}][?|!|.]
{FIRST}: [I will be there at {TIME}|my number is {PHONE}|it's {STREET}|we moved to {CITY}]\\n{FIRST}: [ok|great|thanks {FIRST}|see you]
[Agent|Operator|Support]: [May I have your name?|Could you confirm your address?|What is your full name please?]\\n[Customer|Client|Caller]: [Sure, it's |It is |Yes, ]{NAME}[, {ADDRESS}|, born {DATE}|].
[Agent|Operator]: [And the zip code?|Which city?|How old are you?]\\n[Customer|Caller]: [{ZIP}|{CITY}|I'm {AGE}|{AGE}]
id,name,city,email\\n{NUM},{NAME},{CITY},{EMAIL}\\n{NUM},{NAME},{CITY},{EMAIL}
name;address;phone\\n{NAME};{ADDRESS};{PHONE}
\\{"name": "{NAME}", "city": "{CITY}", "age": {AGE}, "email": "{EMAIL}"\\}
\\{"first_name":"{FIRST}","last_name":"{LAST}","company":"{ORG}","country":"{COUNTRY}"\\}
<customer><name>{NAME}</name><address>{ADDRESS}</address></customer>
[INFO|WARN|ERROR] {DATETIME} user={USER} [login from {IP}|name="{NAME}"|failed: unknown host {URL}]
| {NAME} | {CITY} | {ORG} | {DATE} |
- {NAME} ({ORG})\\n- {NAME} ({CITY})\\n- {NAME}
1. {NAME}, {CITY}\\n2. {NAME}, {CITY}\\n3. {NAME}, {COUNTRY}
[To|From|Cc|Attn|Attention|Bill to|Ship to]: {NAME}[, {ORG}| <{EMAIL}>|\\n{ADDRESS}]
From: {NAME} <{EMAIL}>\\nTo: {NAME} <{EMAIL}>\\nSubject: [Meeting in {CITY}|Invoice {ORDER}|Hello from {ORG}]\\n\\nHi {FIRST},\\n\\n{SENTENCE}\\n\\n{FIRST}
[Attending|Present|Participants|Absent]: {NAME}, {NAME}, {NAME} and {NAME}
{TITLE} {NAME} [is our new {JOB}|will see you now|has an appointment at {TIME}|has left the building].
[Ask|Tell|Remind|Thank] {TITLED} [about the {ORG} deal|to call {PHONE}|that {NAME} is here|for the flowers].
[Judge|Senator|President|Captain|Sister|Father|Uncle|Aunt|Coach] {LAST} [teaches|spoke|lives|studied] [at {ORG}|in {CITY}].
[Employee|Staff member|Contractor|Intern] {NAME} ({EMAIL}) [joined {ORG}|left {ORG}|requested leave] on {DATE}.
[This agreement|This contract|This lease] is made [on {DATE} |]between {NAME}, [of|residing at] {ADDRESS}, and {ORG}[.|, a company registered in {COUNTRY}.]
[The tenant|The seller|The plaintiff|The defendant|The insured] {NAME} [shall pay|agrees to pay|owes|sued] {ORG} [the sum of {MONEY}|in {CITY}|before {DATE}].
{LAST} v. {LAST}, [decided {DATE}|{NUM} F.3d {NUM}]
[Flight|Train] {ORDER} from {CITY} to {CITY} [departs|leaves|arrives] at {TIME}[.| with {ORG}.]
[It's|It is|That's] [a|the] {ORG} [product|store|car|phone|commercial][.|, isn't it?]
[I|We] [study|teach|studied] [law|physics|medicine] at {ORG} in {CITY}[.|, {COUNTRY}.]
[When I was|At the age of|He died at|She retired at|Everyone over] {AGE}[, I moved to {COUNTRY}.| may enter.| in {CITY}.]
[My son|My daughter|Her kid|The baby] {FIRST} is [only |]{AGE}[ months old| years old| and goes to {ORG}|].
I was born [on |in ]{DATE}[ in {CITY}|, so I am {AGE}|].
[My|The|Your] [birthday|anniversary|deadline|due date] is [on |]{DATE}.
[The zip code|The postcode|My zip|Postal code] [of|for] {CITY} is {ZIP}.
{CITY}, {STATE} {ZIP}
[Delivering|We ship] to {CITY}, {ZIP}, {COUNTRY}.
[My|Her|His] (username|handle|login) is {USER}[.| on {URL}.]
The [license|number] plate {PLATE} belongs to {NAME}[.| of {CITY}.]
[He|She|{FIRST}] [drove|travelled|flew|walked] [through|from|across] {PLACE}[ and {PLACE}|, {PLACE} and {PLACE}| to {PLACE}].
[Tourists|Visitors|Refugees|Troops] from {COUNTRY} [and {COUNTRY} |][arrived in|entered|left] {CITY}.
[President|Prime Minister|King|Pope|Chancellor] {LAST} [met|visited|phoned] [{NRP} leaders|his {NRP} counterpart|{NAME}] in {CITY} on {DATE}.
[Shares of|Stock in|Profits at] {ORG} [rose|fell|jumped] {NUM}% [on {DATE}|after {NAME} resigned|in {CITY} trading].
{ORG} [acquired|bought|sued|merged with|partnered with] {ORG} [for {MONEY}|in {DATE}|, {NAME} said].
[The|A] [study|report|book|article] by {NAME}[, {NAME}| and {NAME}| et al.] [of {ORG} |]was published [in {DATE}|by {ORG}].
[thanks|thx|ty] {FIRST}[!|, you are the best| for the ride to {CITY}]
[omg|lol|wow|yo] {FIRST} [is in {CITY}|got a job at {ORG}|just turned {AGE}|is so funny]
@{USER} [did you see|loved] {NAME} [at {ORG}|in {CITY}] [yesterday|last night][!|?]
[just landed in|on my way to|good morning|can't wait for] {CITY}[!| with {FIRST}|, {COUNTRY}]
[i|we] met {NAME} [at|near] {PLACE} [and talked about {NRP} politics|last {DATE}]
[In|Since|Until|From] {DATE} [he|she|{LAST}] [lived|worked|taught] in {CITY} [for|with] {ORG}.
[He|She] [was the son|is the daughter|was the brother] of {NAME} and {NAME}[, a {JOB} from {CITY}.|.]
{NAME} ([born|b.] {DATE} in {CITY}, {COUNTRY}) is [a|an] {NRP} {JOB}.
{NAME} ([born|b.] {DATE}; died {DATE}) was [a|an] {NRP} {JOB} [at {ORG}|from {STATE}].
{CITY} is [a city|a town|a village|the largest city] in [the |]{STATE}, {COUNTRY}[.| with a population of {NUM}.]
[The|Our] [regional |]office of {ORG} [in {CITY} |][can be found at|moved to|closed at] {STREET}[, {CITY}|].
[Insurance|Member|Subscriber]: {NAME} | [Plan|Group]: {ORG} | ID: {ID} | DOB: {DATE}
[Emergency contact|Next of kin|Reference]: {NAME} ([mother|brother|spouse|friend]), {PHONE}
Rx for {NAME}, {DATE}: [ibuprofen 400 mg|amoxicillin 500 mg] twice daily. {TITLED}
[I'd like to|I want to|Can I] [report|dispute] a transaction of {MONEY} [by|from] {ORG} on {DATE}[.|, my name is {NAME}.|, card {CARD}.]
[Update|Change|Remove] my [name from {NAME} to {NAME}|address to {ADDRESS}|email to {EMAIL}|number to {PHONE}][.| please]
[To whom it may concern|Dear Sir or Madam],\\n[I, {NAME}, hereby authorize {NAME}|I recommend {NAME}] [to act on my behalf|for the position of {JOB} at {ORG}].
{NAME} [has|holds] a [degree|PhD|diploma] from {ORG} and [lives in {CITY}|speaks {NRP}|worked for {ORG}].
[Experience|Employment]: {JOB}, {ORG}, {CITY} ({DATE} - {DATE})
[Education]: {ORG}, {CITY}, {DATE}
[Curriculum vitae|Resume|CV] of {NAME}\\n{ADDRESS}\\n{EMAIL} | {PHONE}\\nNationality: {NRP}\\nBorn: {DATE}
[I am|I'm|He's|She's] a {AGE} year old {JOB} [from|living in] {PLACE}[.|, {NRP} by birth.]
[Our|The] [team|department] [in {CITY} |]consists of {FIRST}, {FIRST}[,|] and {FIRST}.
{TITLE} and {TITLE} {LAST} [live in|bought a house at|are flying to] [{CITY}|{ADDRESS}].
[Room|Suite|Desk] {NUM}, {ORG}, {ADDRESS}
[The funeral|The wedding|The party] [of {NAME} |][will be held|took place] at {ORG}, {ADDRESS}[, on {DATE}|].
[The] [mayor|governor] of {PLACE}, {NAME}, [opened|closed|criticised] {ORG} on {DATE}.
[Police in|Authorities in|Officials from] {CITY} [arrested|are looking for|identified] {NAME}, {AGE}[, of {STREET}|, a {NRP} citizen|].
[Last seen|Spotted|Parked] [near|at|on] {STREET}[, {CITY}|] [at {TIME}|on {DATE}].
[My account number is|Account] {ID}, [routing|sort code] {NUM}, [at {ORG}|{ORG}, {CITY} branch].
[The bitcoin address|Send BTC to] {CRYPTO}[ by {DATE}|. {NAME}]
[Write|Mail|Letters] to {NAME}, {ADDRESS}.
[If you are not|Are you] {NAME}[, please ignore this message.|?| of {ADDRESS}?]
[I've been|I have been] a [customer|member|client] of {ORG} since {DATE}.
[Got it|OK|Thanks], {FIRST}. [I'll|We'll] [send|mail] [it|the card] to [{STREET}|your place in {CITY}|{ADDRESS}].
[Who|Which one] [won|is taller], {NAME} or {NAME}?
[Compare|Tell me about|Write a story about|Summarize the life of] {NAME}[ and {NAME}| from {CITY}| of {ORG}].
[Translate|Rewrite|Fix] this: {NAME} [go|goes|went] to {CITY} [with|and met] {FIRST}.
[Yesterday|Today|Tomorrow] [I|we] [meet|met|will meet] [the {NRP} ambassador|{TITLED}|{ORG} staff] [at {TIME}|in {CITY}].
[According to|As reported by|Thanks to] {ORG}, {NAME} [sold|bought|inherited] the house [at|on] {STREET}.
[The invoice|The receipt|Bill] was [sent|made out] to {ORG}, {ADDRESS}[, attn. {NAME}|].
[The parcel|Your package] [is waiting|was left] at {ADDRESS}[. Signed: {LAST}|, signed by {NAME}].
[She|He] spent [the summer|{DATE}] in {PLACE} [with {NAME}|with a {NRP} family|working for {ORG}].
[Both|Neither] {FIRST} [and|nor] {FIRST} [like|likes] {CITY}[.|, said {LAST}.]
[Is there|Do you have] a {ORG} [near|close to] {STREET}[, {CITY}|]?
[Let|Have] {FIRST} know [that |][the {ORG} rep called|I will be in {CITY} on {DATE}|about {NAME}].
[The|Our] CEO[,| is] {NAME}[,| and] [flew to {CITY}|turned {AGE}|met {ORG}].
{FIRST} {LAST} aka {USER} [lives in {CITY}|is {NRP}|plays for {ORG}].
{TITLE} {LAST}'s [car|dog|office|son] is [at {STREET}|in {CITY}|{AGE} years old].
{NAME}'s [phone|number|address|email|birthday] is [{PHONE}|{ADDRESS}|{EMAIL}|{DATE}].
{ORG}'s [new|latest] [store|product|plant] [in {CITY}|near {STREET}] [opens|closes] [on {DATE}|at {TIME}].
{COUNTRY}'s [economy|prime minister|currency|army] [grew|fell|is in trouble|visited {CITY}].
[I|We] [paid|sent|wired] {MONEY} to {NAME} [via {ORG} |]on {DATE}.
[Sign|Signature|Signed]: {NAME}    [Date|date]: {DATE}
`
  .trim()
  .split('\n')
  .map((line) => line.trim().replaceAll('\\n', '\n'))
  .filter((line) => line !== '');

/** All frames. */
export const TEMPLATES = [...FRAMES, ...MORE_TEMPLATES, ...FURTHER_TEMPLATES];
