"""Own documents without an attack: what people tell people to do, and plain prose.

An instruction to a person ("Press the button", "Please reply by Friday") is what a document is for; a detector that has
not seen many of them takes every imperative for an attack.
"""

SLOTS = {
    "part": ["the cover", "the filter", "the left lever", "the battery", "the mounting bracket", "the drain hose", "the front panel", "the power supply", "the memory card", "the fuse", "the blade guard", "the water tank",
             "the cable", "both screws", "the lid", "the pump", "the sensor", "the rear wheel", "the paper tray", "the antenna", "the safety lock", "the seal", "the heating element", "the shelf"],
    "device": ["washing machine", "router", "printer", "drill", "boiler", "coffee maker", "camera", "lawn mower", "projector", "thermostat", "sewing machine", "bicycle", "scanner", "dishwasher", "smoke detector", "air pump", "tablet", "garage door"],
    "button": ["Start", "Reset", "Save", "Menu", "OK", "Next", "Apply", "Install", "Cancel", "Delete", "Export", "Confirm", "Retry", "Eject"],
    "minutes": ["five seconds", "ten minutes", "two hours", "30 seconds", "a quarter of an hour", "three days", "one minute", "24 hours"],
    "dont": ["Do not", "Never", "Don't", "Please do not", "You must not", "Under no circumstances"],
    "danger": ["open the housing while it runs", "pull the plug with wet hands", "use solvents to clean the surface", "leave children unattended", "exceed the marked level", "cover the vents", "ignore the warning lamp",
               "bypass the safety switch", "skip this step", "remove the label", "share your password", "mix old and new batteries", "disable the alarm", "override the limiter", "delete the recovery partition"],
    "setting": ["`timeout`", "`retries`", "`max_connections`", "the language", "`log_level`", "the proxy", "the time zone", "`cache.size`", "the default role", "`DEBUG`", "the API key", "the port"],
    "file": ["config.yaml", "settings.json", "`.env`", "package.json", "main.tf", "Dockerfile", "nginx.conf", "pyproject.toml", "the crontab", "index.ts", "Makefile", "values.yaml"],
    "tool": ["npm", "Docker", "Git", "the command line", "Terraform", "kubectl", "pip", "the dashboard", "the admin console", "Visual Studio Code", "PostgreSQL", "Redis", "cargo", "the SDK"],
    "act": ["restart the service", "run the migration", "clear the cache", "install the package", "rebuild the index", "rotate the keys", "check the logs", "pull the latest image", "set the variable", "execute the script", "reset the counter",
            "override the default handler", "ignore deprecated fields", "create a branch", "revert the commit", "grant the role", "escape the quotes", "print the current state", "call the endpoint", "upgrade to the next major version",
            "bypass the cache", "inject the dependency", "skip the hidden files", "repeat the request", "forget the cached token", "disable the plug-in", "unlock the table", "delete old snapshots", "expose the port", "reveal the hidden columns"],
    "thing": ["the invoice", "the attached form", "the contract", "your travel plans", "the slides", "the revised budget", "the minutes", "your timesheet", "the questionnaire", "the signed copy", "the photos", "the test results", "your availability", "the draft", "the order"],
    "day": ["Monday", "Friday", "tomorrow noon", "the 14th", "the end of the week", "next Tuesday", "1 March", "the deadline", "tonight", "close of business", "Thursday morning"],
    "name": ["Maria", "Mr Okafor", "Jenny", "the front desk", "Tomasz", "Dr Lind", "our accountant", "Priya", "the team", "Sam", "the landlord", "Ms Tanaka", "Luis", "the help desk", "your manager"],
    "city": ["Lisbon", "Leeds", "Austin", "Gdansk", "Kyoto", "Toronto", "Graz", "Nairobi", "Lyon", "Bergen", "Porto Alegre", "Pune", "Denver", "Ghent"],
    "person": ["the engineer", "the composer", "a botanist", "the general", "the queen", "the physicist", "the architect", "a merchant", "the bishop", "the painter", "the striker", "the senator", "the novelist", "the explorer"],
    "year": ["1066", "1789", "1843", "1912", "1954", "1987", "2003", "2016", "the 14th century", "the late 19th century", "the Bronze Age", "the 1960s"],
    "num": ["12", "3.5", "48", "1,200", "65 per cent", "two thirds", "17 million", "0.4", "nine", "about 300", "24–14", "half"],
    "subject": ["the river", "the treaty", "the enzyme", "the railway", "the orchestra", "the cathedral", "the species", "the algorithm", "the league", "the revolution", "the mineral", "the dynasty", "the telescope", "the harbour", "photosynthesis", "the parliament",
                "the steam engine", "the theorem", "the alphabet", "the virus", "the desert", "the company", "the defence", "the immune system", "the empire", "the museum"],
    "verbed": ["was built", "declined", "was signed", "spread along the coast", "was replaced", "became known", "was divided into districts", "absorbs light", "was destroyed by fire", "won the final", "is measured in kelvin", "reacts with oxygen",
               "was ruled by a council", "migrated north", "was elected", "is found in shallow water", "lost its independence", "was rebuilt", "remains in use", "was first described"],
    "food": ["the dough", "two eggs", "the onions", "a pinch of salt", "the butter", "the rice", "half the stock", "the chopped herbs", "the beans", "the sauce", "the flour", "the chicken"],
    "cook": ["Stir in", "Add", "Fold in", "Drain", "Season", "Chop", "Set aside", "Whisk", "Simmer", "Bake", "Roast", "Discard", "Cover", "Reduce the heat and add", "Reserve"],
    "lang": ["Python", "SQL", "TypeScript", "Rust", "Go", "Java", "a shell", "C"],
}

MANUAL = [
    "Press {button} and hold it for {minutes}.", "Remove {part} and rinse it under running water.", "{dont} {danger}.", "WARNING: {dont} {danger}.", "Before you clean the {device}, unplug it and wait {minutes}.", "Turn {part} clockwise until it clicks.",
    "If the lamp blinks, press {button} again; otherwise repeat steps 2 to 4.", "Read these instructions before you use the {device} and keep them.", "Ignore the message on the display and press {button}.", "Insert {part} as shown in figure 3.", "Replace {part} every {minutes} of use.",
    "Make sure that {part} is dry.", "To reset the {device}, press {button} for {minutes}. All previous settings are lost.", "Follow the instructions of the installer.", "Contact {name} if {part} is damaged.", "Step {num}: loosen {part}, then lift it out.",
    "Enter the password that is printed on the underside of the {device}.", "The {device} must not be used by children under eight.", "Check {part} for cracks.", "Use only original spare parts.", "You must agree to the terms before you can continue.", "Wait until the {device} has cooled down, then open {part}.",
]
SOFTWARE = [
    "Open {file} and set {setting} to {num}.", "To {act}, use {tool}.", "You can {act} with {tool}; see the reference for all options.", "By default, {setting} is read from {file}. Override it with an environment variable.", "Run `{tool} --help` to see the commands.", "{dont} {act} in production.",
    "Note that {setting} replaces all previous values.", "If you want to {act}, first {act}.", "Set {setting} and then {act}.", "This method ignores empty lines and returns the rest.", "Previously, you had to {act} by hand. From now on {tool} does it.", "The system prompt is sent first, followed by the messages of the user and the assistant.",
    "Use the `system` parameter to give the model a role.", "The assistant replies with a JSON object. Parse it and check the `type` field.", "Write tests before you {act}.", "Deprecated: use {setting} instead.", "# TODO: {act}\nvalue = load('{file}')", "// {act}, otherwise the parser fails\nreturn handler(next);",
    "Example prompt: summarise the text below in three sentences.", "Returns an error if {setting} is missing; {act} and try again.", "Instructions in the prompt should be clear and direct. Give the model examples.", "Let the model think before it answers, and ask it to quote its sources.", "1. Clone the repository\n2. {act}\n3. Open {file}",
    "Fixed a bug where {tool} would ignore {setting}.", "Added an option to {act}.", "Breaking change: {setting} was removed. Please {act}.", "How do I {act}? Click Settings, then choose {setting}.", "Q: Can I {act}? A: Yes, with {tool}.", "The following {lang} snippet shows how to {act}.",
    "If a request fails, {tool} retries it {num} times. You may change this with {setting}.", "Users must sign in again after you {act}.", "Make sure to keep your key secret: never commit {file}.", "Tokens are counted per request; see the pricing page.", "This guide explains how to {act} and how to {act}.",
]
MAIL = [
    "Hi {name}, please send {thing} by {day}.", "Could you look at {thing} and tell me what you think?", "Please find {thing} attached.", "If you did not request this, ignore this e-mail.", "Click the link below to confirm your address; it is valid for {minutes}.", "Don't forget to bring {thing} on {day}.",
    "Please disregard my previous e-mail, {thing} was the wrong file.", "Kindly forward {thing} to {name}.", "Let me know if {day} works for you.", "We have moved the meeting in {city} to {day}.", "Reply to this message to stop getting our newsletter.", "You must submit {thing} before {day}, otherwise we cannot pay you.",
    "Your order has shipped. Track it with the number below.", "Please call {name} back, it is urgent.", "Important: the office in {city} is closed on {day}.", "Your password expires on {day}. Change it in the portal.", "Thanks for {thing}! I will review it and get back to you on {day}.", "Please approve {thing} in the system.",
    "Remember to sign {thing} and send it to {name}.", "Subject: {thing}\n\nDear {name},", "Best regards,\n{name}", "As agreed, transfer the deposit of {num} euros to the account on the contract.", "Do not share {thing} with anybody outside the team.", "I was told to ask {name} about {thing}.", "Action required: update {thing} until {day}.",
    "Please summarise your findings and send them to {name}.", "Write me a short note when {thing} is ready.", "Tell {name} that I am late.", "Could you translate {thing} for the client in {city}?", "Everyone, please review {thing} and add your comments.",
]
PROSE = [
    "{subject} {verbed} in {year}.", "In {year}, {person} travelled to {city}, where {subject} {verbed}.", "According to {person}, {subject} {verbed} because of its location near {city}.", "It has been estimated that {num} of {subject} {verbed} after {year}.", "The region around {city} covers {num} square kilometres.",
    "Unlike {subject}, which {verbed}, {subject} had little influence on later work.", "{person} refused to follow the orders of the king and fled to {city}.", "The law of {year} forbade people to leave {city} without permission.", "Historians disagree about whether {subject} {verbed} before {year}.", "{subject} consists of {num} parts, the largest of which is near {city}.",
    "Critics called it {person}'s best work; it sold {num} copies.", "The team scored {num} points and won in {city}.", "Workers were told to ignore the signals, which led to the accident of {year}.", "When the temperature falls below {num} degrees, {subject} changes its state.", "This allowed {person} to publish a theory on how {subject} {verbed}.",
    "The attack on {city} in {year} killed {num} people and ended the war.", "The word comes from a term for {subject}.", "{person} was accused of treason and executed in {year}.", "The rules of the assembly must be approved by {num} of its members.", "Prices rose by {num} while wages in {city} stayed the same.", "In response, the government ordered the army to stop the strike.",
]
RECIPE = ["{cook} {food} and cook for {minutes}.", "{cook} {food}, then {cook} {food}.", "Preheat the oven and grease the tin.", "Taste and adjust; do not let it boil.", "Serve with {food} and enjoy.", "Let it rest for {minutes}, then cut into {num} pieces.", "You can replace {food} with {food}.", "Repeat with the remaining {food}."]
POLICY = [
    "All previous versions of this policy are void.", "The tenant must pay the rent by {day}.", "Employees must not share {thing} with third parties.", "This agreement replaces all prior agreements between the parties.", "You have the right to withdraw within {minutes}.", "The provider may change these rules; users are told by e-mail.", "Visitors must sign in at the front desk and follow the instructions of the staff.",
    "Smoking is forbidden in the building.", "Report incidents to {name} without delay.", "The assistant of {name} keeps the keys.", "Any instruction given by phone has to be confirmed in writing.", "Applicants shall submit {thing} by {day}.", "In case of fire, leave the building, do not use the lift, and wait for {name}.", "The committee may override this decision with {num} of the votes.",
]
TALK = ["Did you get {thing}?", "I hated the film, but {name} loved it.", "What a game! {num} goals and a red card.", "Five stars: the {device} works as described.", "One star. {part} broke after {minutes}, avoid.", "Don't buy this {device}.", "If you go to {city}, try the fish.", "Can anybody recommend a {device}?", "My {device} stopped working, and {name} told me to press {button}.", "lol {name} forgot {thing} again", "Happy birthday, {name}!"]
TABLE = ["| {name} | {city} | {num} | {day} |", "| item | {device} | {num} | yes |", "{name}, {city}, {num}, {year}", "{device};{num};{city}", "total | {num} | {num}", "name | place | amount\n--- | --- | ---"]

KINDS = [("manual", MANUAL, 700), ("software", SOFTWARE, 1100), ("mail", MAIL, 900), ("prose", PROSE, 1000), ("recipe", RECIPE, 200), ("policy", POLICY, 350), ("talk", TALK, 250), ("table", TABLE, 200)]

# Questions that ask for facts, and tasks without harm: the sets of hazards are full of questions, and these are their like.
QUESTIONS = [
    "What is {subject}?", "What is the name of {subject} in {city}?", "Who was {person} of {city}?", "When did {person} visit {city}?", "In what year was {subject} built?", "How many people live in {city}?", "What percentage of {subject} {verbed}?", "Where can {subject} be found?", "Which part of {subject} {verbed} first?", "Why did {person} leave {city}?",
    "How often does {subject} change?", "What type of {device} is best for a small flat?", "How do I clean {part} of a {device}?", "What happened in {city} in {year}?", "How long does it take to get from {city} to {city}?", "What does {person} believe about {subject}?", "What are the causes of {subject}?", "How much did {subject} cost in {year}?", "To which family does {subject} belong?",
    "What are the symptoms of a cold?", "Name some common {device} problems.", "Give three examples of {subject}.", "List the steps to repair a {device}.", "Explain how {subject} works.", "Describe {subject} in simple words.", "Compare {city} and {city}.", "What do scientists use to measure {subject}?", "Is {subject} older than {subject}?", "Can I {act} with {tool}?", "How can I {act} in {lang}?",
    "What law protects {subject}?", "How did the war of {year} end?", "Which gas is produced by {subject}?", "What disease did {person} study?", "How many died in {city} in {year}?", "What weapon did {person} carry?", "Who opposed the attack on {city}?", "What crime was {person} accused of?", "What drug is used against fever?", "How are children taught in {city}?", "What did the constitution of {city} say about slavery?",
    "Who killed {person}?", "What is the punishment for theft in {city}?", "How does the body react to {subject}?", "What religion did {person} have?", "What is the best way to respond to {name}?", "Identify the subject of this sentence: {name} forgot {thing}.", "Write a poem about {subject}.", "Write a short story about {person} in {city}.", "Suggest a title for an article about {subject}.", "Create a quiz about {subject}.",
    "Summarise what {person} said about {subject}.", "Rewrite this so that it is shorter: {name} has to send {thing} by {day}.", "Find the error: \"{name} have forgot {thing}\".", "Classify: is \"{subject}\" a place or a thing?", "Calculate {num} times {num}.", "From where do people go to {city}?", "On what is {subject} based?", "Translate \"Where is {subject}?\" into Spanish.", "How should I store {food}?", "What can I cook with {food} and {food}?",
]
