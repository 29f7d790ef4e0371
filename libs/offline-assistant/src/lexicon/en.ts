import { EN_DATES } from './en-dates';
import type { Lexicon } from './lexicon';

export const EN: Lexicon = {
  language: 'en',
  functionWords:
    'the|a|an|is|are|and|or|to|of|my|me|i|you|it|this|that|with|for|on|in|at|by|from|please|what|which|how|do|does|did|can|could|would|have|has|we|our|be|not|add|new|was',
  entities: {
    task: {
      one: 'task|to do|todo|reminder|action item|chore|to do item|todo item|to-do task|tsk',
      many: 'tasks|to dos|todos|reminders|action items|chores|to do list|todo list|task list|to do items',
    },
    comment: {
      one: 'comment|remark|reply',
      many: 'comments|commented|people write|people wrote|anyone write|anyone wrote|been said|everyone write|was said|remarks|replies|feedback|people say|people said|they say|everyone say|anyone say|people saying',
    },
    checkpoint: {
      one: 'checkpoint|check point|milestone|mile stone',
      many: 'checkpoints|check points|milestones|mile stones',
    },
    project: { one: 'project', many: 'projects' },
    note: { one: 'note|memo', many: 'notes|memos' },
    event: {
      one: 'meeting|event|appointment|calendar event|calendar entry|calendar',
      many: 'meetings|events|appointments|agenda|diary|schedule|calendars|calendar events',
    },
    email: {
      one: 'email|e mail|mail|email draft|draft email|message',
      many: 'emails|e mails|mails|inbox|mailbox|correspondence|messages',
    },
    figure: {
      one: 'weekly report|weekly review|weekly summary|weekly overview|week in review|weekly stats|status report|progress report|productivity report|activity report|report for the week|report for this week|report of the week|completion rate|productivity|velocity|throughput|overview of my week|summary of my week|review of my week|recap of my week',
      many: 'statistics|stats|analytics|metrics|trends|trend|reports|figures|weekly statistics|productivity stats',
    },
  },
  eventWords:
    'lunch|dinner|breakfast|brunch|coffee|standup|stand up|kick off|kickoff|one on one|interview|dentist|doctor|workshop|demo|sync|webinar|conference|retro|retrospective|catch up|party|birthday|call with|call|slot|drinks|gym session',
  verbs: {
    create:
      'adding in|please add|put me down a|add me|add us|make me|make us|set me up|set us up|fire up|put together a|knock up|drop in|drop a|whip up|log me|could we get|can we get|can i get|could i get|i’d like to add|i’d like to have a|let’s have a|let’s add|let’s create|let’s get a|write me a task|cr8|ad|ad a|we are starting a|we’re starting a|let’s start a|we’ll need a|we will need a|we need to add a|insert one|please to insert|create|add|make|new|adding|creating|making|setting up|putting in|set up|setup|open up|record|log|track|register|enter|insert|introduce|define|start a|start an|start another|start new|begin a|kick off a|open a|open an|open another|generate|build|give me a new|give me another|include|get me a|file a|file an|note down a task|throw in|put in|set a|set an|do me a|do me an|have a|spin up',
    remind:
      'make sure i remember to|please make sure i remember to|make sure that i|see to it that i|i mustn’t forget to|i mustn’t forget|mustn’t forget to|can’t forget to|keep me from forgetting to|shout at me to|poke me to|reminder to|reminder for me to|a reminder to|it would be good to remember to|put a reminder in for me to|put a reminder in to|put in a reminder to|put in a reminder for|remind me to|remind me about|remind me of|remind me that|remind me|remind us to|remind us|set me a reminder to|set a reminder to|set me a reminder for|set a reminder for|create a reminder to|add a reminder to|make a reminder to|set a reminder|set me a reminder|give me a reminder to|don’t let me forget to|do not let me forget to|don’t let me forget about|don’t let me forget|dont let me forget to|dont let me forget|don’t forget to|do not forget to|dont forget to|don’t forget|do not forget|dont forget|remember to|i need to remember to|need to remember to|i have to remember to|help me remember to|make sure i|make sure to|make sure we|ping me to|nudge me to|ping me about|to do|todo|task|reminder|i must not forget to|i can’t forget to|i cannot forget to|jot down a task to',
    jot: 'save this as a note|keep this as a note|save as a note|put this in a note|store as a note|note|note down|note that|note to self|note down that|make a note of|make a note that|make a note|take a note|take a note that|take note that|take note|take this down|write down|write down that|write this down|write that down|write it down|jot down|jot down that|jot this down|jot that down|jot|memo|memo to self|keep in mind that|keep in mind|for the record|remember that|please remember that|write a note|leave a note|add a note|save a note|create a note|new note|save this|scribble down',
    schedule:
      'schedule|arrange|block|block out|block off|invite|meet|meet with|book|book me|organise|organize|plan|pencil in|set up|i have a|i have an|i’ve got a|i’ve got an|we have a|we’ve got a|put me down for',
    draft:
      'draft|compose|email|e mail|mail|write to|write back to|write an email|write a mail|write a message|write me an email|send an email|send a mail|send a message|send|prepare an email|prepare a mail|write an e mail|draft an email|draft a mail|draft me an email|write|drop a line to',
    reply: 'reply|respond|answer|reply to|respond to|answer to|write back|reply on|respond on',
    comment:
      'comment|comment on|add a comment|leave a comment|post a comment|write a comment|put a comment|add comment|leave comment|post comment|make a comment|leave a remark|add a remark|post this comment|comment that|add the comment|post the comment|add this comment|leave this comment|drop a comment',
    delete:
      'delete|remove|erase|deleting|removing|take … off|scratch|strike|get rid of|trash|discard|cancel|scrap|drop|throw away|throw out|wipe|purge|destroy|bin|clear|clear out|ditch|kill|nuke|call off|dump|chuck out|clean out|empty',
    update:
      'update|change|edit|modify|set|mark|changing|updating|setting|marking|flag|make|turn|switch|correct|adjust|alter|rewrite|replace|give|bring|turn into|fix the|amend|set … to|revise|treat|label|keep',
    put: 'put|chuck|bung|whack|shove|stick|pop|place|throw|slot',
    move: 'we’re moving|we are moving|we’re pushing|we’ve moved|we moved|we’ve pushed|let’s move|let’s push|let’s postpone|we postponed|we’re postponing|let’s shift|knock back|kick back|nudge|move|postpone|reschedule|moving|postponing|pushing|push|delay|defer|shift|push back|push out|bring forward|pull forward|move back|move forward|snooze|extend|bump|put off|prepone|slip',
    complete:
      'complete|finish|close|check off|tick off|cross off|resolve|check … off|tick … off|cross … off|close out|wrap up|mark off|mark … off|tick|done with|finished with|done|i am done with|i’m done with|i have done|we are done with|all done with',
    start:
      'start|begin|resume|continue|start working on|start work on|begin working on|begin work on|pick up work on|get going on|get started on|kick off',
    reopen: 're open|reopen|un check|uncheck|un tick|untick|bring back|undo',
    archive:
      'archive|shelve|put away|mothball|move … to the archive|put … in the archive|move … into the archive|put … into the archive',
    restore:
      'bring … back from the archive|get … back from the archive|pull … out of the archive|bring … out of the archive|un archive|unarchive|de archive|restore|reactivate|re activate|bring back|revive|take … out of the archive|get … out of the archive',
    rename:
      'rename|retitle|relabel|re name|change the name of|change the title of|change name of|change title of|rename the title of|change the title|change the name',
    assign:
      'hand off|turn over|assign|reassign|re assign|delegate|hand over|hand|hand … over|give … to|pass|pass on|put … on the task|allocate|transfer',
    raise: 'raise|increase|prioritise|prioritize|bump up|bump … up|escalate|upgrade',
    lower: 'lower|decrease|deprioritise|deprioritize|reduce|bump down|bump … down|downgrade',
    append: 'append|add to the note|add to my note|also write',
    approve: 'approve|accept',
    reject: 'disapprove|reject|decline',
    list: 'list|show|show me|display|see|view|find|find me|search|search for|look for|look up|look at|get|get me|give me|give me a list of|fetch|what|what’s|whats|what is|what are|which|any|anything|do i have|do we have|did i|did we|have i|are there|is there|am i|are we|when|when is|when’s|who|who’s|where|where’s|tell me|tell me about|check|pull up|let me see|let’s see|how|i’d like to see|i want to see|i would like to see|can i see|how’s|print|browse|all|all of|my|our|what do i have|overview of|give me an overview of|list out|list all|show all',
    get: 'open|read|details of|details on|details about|get the details of|give me the details of|show me the details of|info on|info about|information on|information about|what does|read me|read out|show me what’s in|what’s in|pull up the|tell me more about|more about|status of|what is the status of|what’s the status of|show details of|view details of|give me details on|give me details about|give me info on',
    count: 'how many|how much|count|number of|what is the number of|what’s the number of|total number of|count up',
    summarise:
      'summarise|summarize|sum up|recap|give me a summary of|give me a recap of|give me a digest of|summary of|what’s new in|give me a summary|give me a quick summary of|give me a short summary of|digest of|catch me up on',
    need: 'could do with a|could do with|there should be a|there should also be a|i could use a|we could use a|i’ll have to|we’ll have to|i’m supposed to|i promised to|i mustn’t forget to|i’d better|it’s time i|somebody has to|someone has to|someone needs to|someone should|we’ll need|we will need|i really must|i really need to|i really must remember to|i must remember to|we’ll need a|i’ll need a|i will need to|i still have to|i still need to|i need to|i have to|i’ve got to|i gotta|i must|i should|i want to|we need to|we have to|we must|we should|need to|have to|must|gotta|should|i must to|i ought to|i am supposed to|i need a|i need an|we need a|we need an|i want a|i want an|i need another|we need another|we need one more|i need one more|need a|need an|got to|i’d like a|i’d like an|i would like a|i would like to have a',
  },
  enclitics: '',
  fillers:
    'same time|at the same time|so like|like|ummm|can ya|could ya|would you please|any chance of|i’d be grateful if you could|i’d be grateful if you would|it’d be great if you could|would it be ok to|would it be okay to|can you please|pretty please|if you’d be so kind|be a dear and|do me a favour and|do me a favor and|turns out|heads up|fyi|quick one|one more thing|one thing|another thing|before i forget|while you’re at it|whenever you can|when you can|when you have a moment|i want that you|i would like that you|i need that you|i’d be glad if you could|would you be able to|any chance you could|could you please|mind|feel free to|i’d appreciate it if you|it would be great if you could|sorry for my english|sorry|i meant|i mean|oops|no wait|wait|on second thought|please|pls|plz|plss|pleease|kindly|hey|hi|hello|yo|actually|ok|okay|so|um|umm|uh|uhm|er|erm|hmm|oh|right|alright|great|thanks|thank you|thank you so much|thank you very much|many thanks|thx|ty|cheers|simply|maybe|perhaps|well|also|then|and|finally|afterwards|after that|next|adiuva|assistant|can you|could you|would you|will you|can u|could u|would u|can we|could we|can i|could i|may i|would it be possible to|is it possible to|i’d like to|i would like to|i want to|i’d like you to|i would like you to|i want you to|i need you to|i’d love to|i was wondering if you could|i wonder if you could|would you mind|would you kindly|do you mind|if possible|if you can|if you could|if you don’t mind|when you get a chance|let’s|lets|just|now|quickly|real quick|go ahead and|go ahead|you can|you could|it’s time to|time to|make sure to|be so kind and|be so kind as to|for me|yes|no|sure|as well|too|again|instead|right away|asap please|already|lol|haha|good job|great job|nice|by the way|btw|oh and|but|first|firstly|second|secondly|lastly|also please|i think|i guess|help me|want to|wanna|i wanna|gonna|good morning|good afternoon|good evening|you know what|anyway|anyways|really|still|both separately|separately|hi there|hey there|dear assistant|permanently|for good|entirely|completely|totally|altogether',
  asides:
    'please add|add it|add that|add this|that one|goes|goes in|goes into|goes to|belongs in|belongs to|each one|each|separately|separate ones|separate|as separate|individually|one each|own|its own|deadline|due|due date|at the latest|latest|whenever|thanks in advance|would be great|would be nice|would be good|that’d be great|that would be great|if that works|namely|that is|for it|so|that’s it|that’s all|is needed|needed|required|priority|prio|when|sharp|for me please|for my list|must be|should be|it must be|it is|it’s|let’s say|if you would',
  asksFor:
    'can you|could you|can u|could u|would you|will you|would you please|can you please|could you please|please|so please|i’d like you to|i would like you to|i want you to|i need you to|go ahead and',
  negators: 'don’t|do not|dont|never|no need to|please don’t|i don’t want to|not yet|not',
  noneOf: '',
  contrast: {
    instead: 'instead of|rather than|in place of|and not|but not|not',
    denies: 'not|isn’t|is not|isnt|no longer|aren’t|wasn’t|not on|not at',
    but: 'but|it’s|it is|rather|make it',
    anyMore: 'anymore|any more|any longer|longer|now',
  },
  determiners:
    'teh|hte|th|the|a|an|my|our|this|that|these|those|your|some|another|one|its|his|her|their|any|every|all|each|that one|following|both',
  prepositions: 'in|for|of|to|on|onto|from|into|under|within|about|with|by|at|inside|regarding|concerning|re',
  adjectives:
    'new|quick|short|small|little|big|fresh|additional|extra|more|further|open|existing|old|simple|brand|separate|second|latest|last|current|two|three|four|five|six|other|urgent|important|next|following|upcoming|personal|important',
  and: 'and|plus|as well as|&',
  then: 'then|and then|after that|afterwards|and after that|followed by|next|finally|also|and also|in addition|additionally|besides|oh and|lastly|but also',
  into: 'to|as|into|in|at|on|for|with|becomes',
  samePlace:
    'in it|to it|inside it|under it|in there|to that project|in that project|to the same project|in the same project|to this project|in this project|for that project|for the same project|for it|there',
  too: 'too|as well|also|likewise|same for|same goes for|the same for|ditto',
  both: 'both|both of them|all of them|all three|all for|each',
  each: 'each|each one|each of them|separately|separate|individually|individual|one each|apiece|respectively',
  pronouns:
    'it|that|this|them|these|those|that one|this one|the last one|same|the same|the task|the first|the first one|one|him|the other one|the latter',
  second: 'second|the second|second one|the second one|2nd|the other|the other one',
  anotherOne: 'another one|a second one|a third one|one more|another|a second|a third|second one|one',
  creates: 'add',
  taskLists:
    'to my list|on my list|to the list|on the list|onto my list|onto the list|in my list|to my to do list|to my todo list|on my to do list|on my todo list|to my to dos|to my todos|on my to dos|on my todos|to my tasks|to the tasks|on my tasks|in my tasks|to my task list|on my task list|to the to do list|to the todo list|on the to do list|to our list|to our tasks|on our list|to the task list|as a task|as task|as a to do|as a todo|as a reminder|my list|my to do list|my todo list|the list|my whole list|my entire list|on my plate|on the to dos',
  calendars:
    'in my calendar|to my calendar|on my calendar|into my calendar|in the calendar|to the calendar|on the calendar|into the calendar|to calendar|in calendar|on calendar|to our calendar|in my diary|to my diary|in the diary|on my schedule|to my schedule|to my agenda|in my agenda|my calendar|from my calendar|from the calendar|from my diary',
  all: 'all|every|everything|each|all of|all the|whole|entire|all my|evrything',
  questions: 'what|what’s|whats|which|when|who|where|why|how|is|are|do|does|did|can|am|any|was|were|will',
  howTo:
    'do you think|do you believe|what do you think|how do i|how do you|how can i|how to|how does|how would|how should i|how do we|how come|how old|how far|how about',
  due: 'due|overdue|deadline|deadlines|due date|to do|must i|should i|need to|left|pending|outstanding|unfinished|on my plate|on my list|working on|work on|finish|finished|complete|completed|urgent|late|currently|right now|at the moment|get done|hand in|on my list',
  agenda:
    'free|busy|available|happening|scheduled|booked|going on|planned|coming up|have on|plans|on my calendar|on my agenda|on the agenda|in my calendar|on tomorrow|on today|do i have tomorrow|do i have on|do i have today|do i have this week|my day look|my week look|have anything on',
  client: 'client|customer|account',
  priorities: {
    high: 'highest|high|top|urgent|critical|maximum|max|higher|hi|upmost',
    medium: 'medium|normal|mid|middle|moderate|average|regular|standard',
    low: 'lowest|low|minor|minimum|lower|min',
  },
  urgent:
    'urgent|urgently|critical|very important|important|asap|as soon as possible|top priority|high prio|super urgent|high importance|crucial|p1|prio 1|priority 1|really important|pressing',
  relaxed:
    'no rush|no hurry|not urgent|nothing urgent|not important|not so important|not that important|whenever i have time|when i have time|whenever|there’s no rush|there is no rush|isn’t urgent|isn’t important|isn’t important any more|isn’t important anymore|not important any more|not important anymore|least important|p3|prio 3|priority 3|can wait|low importance|it can wait|it’s not urgent|no urgency|isn’t urgent anymore|isn’t that important|not a priority',
  priorityNouns: 'priority|prio|importance|urgency|prioriy|prority',
  statuses: {
    todo: 'to do|todo|not started|not done|open|pending|not finished|unfinished|undone|outstanding|backlog|incomplete',
    in_progress:
      'in progress|working on|currently working on|ongoing|under way|underway|started|being worked on|wip|work in progress|in the works|in process|active|doing|inprogress',
    done: 'done|finished|completed|complete|closed|ready|resolved|sorted|fixed|paid|sorted out|ticked off',
  },
  statusNouns: 'status|state',
  archived: 'archived|archive|the archive',
  active: 'active|unarchived|live',
  isDone:
    'went out|is out of the way|is off my desk|is behind me|got done|got sent|is all set|has gone out|is taken care of|is done|is finished|is completed|is complete|are done|are finished|is ready|is paid|is sent|is sent off|is fixed|is solved|has been done|has been finished|has been completed|has been sent|has been paid|has been fixed|was done|are complete|are paid|are sent|is sorted|is taken care of|is now done|is now finished|are ready|have been sent|have been paid|is handed in|is closed|done|finished|is all done|is wrapped up|is already done|’s done|’s finished|is off my plate|went out|are completed|has been submitted|is submitted|was sent|was paid|was completed|have been completed|is over and done with|is in the bag',
  isStarted:
    'is in progress|is under way|is underway|is started|has started|is ongoing|i just started|i have just started|i’ve just started|is being worked on|i am working on it|are in progress|i started|we started|has begun|i’m on it',
  haveDone:
    'i finished|i have finished|i’ve finished|i just finished|i’ve just finished|we finished|we’ve finished|we have finished|i completed|i’ve completed|i have completed|i did|i’ve done|i have done|i’m done with|i am done with|we’re done with|we are done with|done with|finished|completed|i sent|i’ve sent|i paid|i’ve paid|i have paid|paid|sent|i called|i’ve called|called|bought|i bought|i’ve bought|submitted|i submitted|i’ve submitted|i fixed|i’ve fixed|fixed|has finished|has completed|have finished|have completed|just finished|just sent|just paid|i already did|i’ve already done|we sent|we paid|we’ve sent|i wrote|i’ve written|wrote|i booked|i’ve booked|booked|i ordered|ordered|delivered|i delivered|i returned|i cleaned|cleaned|i made|i got|i handed in|handed in|picked up|i picked up|i took|i’ve taken|we did|we’ve done|we bought|i renewed|renewed|posted|i posted|has sent|has paid|i washed|all done with|finally finished|finally did|i’ve sorted|sorted|i printed|printed|i signed|signed|i prepared|i reviewed|reviewed|has delivered|has fixed',
  haveStarted:
    'i’ve made a start on|i made a start on|i’m halfway through|i’m in the middle of|i’ve begun|i have begun|we’ve begun|i am currently working on|i’m now working on|i am now working on|we’re currently working on|i started|i’ve started|i have started|i just started|i’ve just started|i started working on|i’ve started working on|i’m working on|i am working on|we’re working on|we are working on|we started|we’ve started|we started working on|i began|i’ve begun|i’m starting|i am starting|started on|i started on|i’ve started on|i’m on|working on|started working on|i’ve just begun|currently working on|i’m currently working on|has started|has started working on|has begun|is working on',
  notNeeded:
    'can be deleted|can be removed|can be binned|could be deleted|should be deleted|should go|can be scrapped|has become pointless|is pointless now|won’t be needed|is history|is not needed|isn’t needed|no longer needed|is no longer needed|not needed anymore|isn’t needed anymore|i don’t need|i do not need|we don’t need|we do not need|dont need|i no longer need|we no longer need|is obsolete|can go',
  shallBeCalled:
    'must be called|has to be called|needs to be called|needs to be named|must be named|should say|should actually be called|is supposed to be called|was meant to be called|is actually called|should be called|should really be called|should be named|is now called|is to be called|is called now|should read|ought to be called|make it|call it|name it|let’s call it',
  naming:
    'call|called|name|named|rename|renamed|title|titled|spelled|spelt|typo|misspelled|wording|should be|should read|should say|must be called',
  belongs:
    'belongs|belong|belongs to|goes|goes into|goes under|put|move|file|filed|assign|attach|link|add|part of|should be in|should be under|is for|fits|sits|lives|shift|transfer|sort|place|keep|store|save',
  takesPlace:
    'takes place|is held|held|happens|is at|is in|moved|moves|meet|meeting|is now|location|venue|place|will be|move|change|we’ll do|we do|in the',
  deadlineOf:
    'the deadline for|the deadline of|deadline for|deadline of|the due date of|the due date for|due date of|due date for|the date of|the date for|date of',
  labels: {
    title:
      'title|titled|called|named|call it|name it|title it|with the title|with title|with the name|entitled|the title is|name|by the name of|under the name',
    description:
      'description|desc|details|with description|with the description|with a description|add the description|detail|with details',
    content:
      'content|contents|text|body|with the text|with the content|with content|with text|with the body|with the message|message|with the words|containing',
    saying:
      'saying|that says|which says|says|say|saying that|it says|write|reading|that reads|and write|and say|telling|to say|it should say',
    location: 'location|place|venue|where|room|address|loc',
    about: 'about|regarding|concerning|on the subject of|re|with the subject|subject',
  },
  assignTo:
    'assign to|assigned to|assign it to|assign this to|assign them to|assign that to|assignee|assignees|delegate to|delegate it to|give it to|give this to|hand it to|hand it over to|hand over to|reassign to|reassign it to|responsible|owner|pass it to|pass it on to',
  forPerson: 'for|on|to',
  takesOver:
    'as owner|as assignee|as the owner|as the assignee|as responsible|on it|in charge|gets it|is on it|picks it up|will look after it|will see to it|sees to it|can take it|can take|can do it|can do|will do it|will do|takes over|will take over|takes it|will take it|will take|should do|should do it|should take|is responsible for|is taking over|handles|will handle|is doing|is in charge of|takes care of|will take care of|looks after|should handle|is going to do|owns',
  mustDo: 'has to|needs to|must|should|is supposed to|ought to|is to|will have to',
  with: 'with|and',
  place: 'at|in|via|over|on',
  orderBy: 'sorted by|sort by|ordered by|order by|order them by|sort them by|ranked by|by order of|arranged by',
  trend:
    'trend|trends|productive|productivity|velocity|throughput|over time|compared|compare|over the last weeks|completion rate|over the past weeks|how did i do|how was my week|how did we do',
  report:
    'weekly report|report|weekly|week in review|weekly review|summary of the week|summary of my week|how was my week|weekly summary',
  smallTalk: {
    hello: 'hello|hi|hey|good morning|good afternoon|good evening|hi there|hey there|yo|greetings|howdy',
    thanks:
      'thanks|thank you|thx|great|perfect|awesome|cool|nice|you are the best|well done|ty|cheers|lovely|brilliant|much appreciated',
    help: 'help|what can you do|who are you|what are you|how do you work|how does this work|are you a bot|are you an ai|are you chatgpt|are you human|what do you do|what can i ask you|what are your features',
    yes: 'yes|yep|yeah|yup|y|sure|ok|okay|confirm|confirmed|i confirm|go ahead|do it|please do|delete it|correct|right|of course|absolutely|definitely|yes please|sure thing|go for it|remove it|yes delete it',
    no: 'no|nope|nah|don’t|do not|stop|cancel|never mind|nevermind|keep it|no thanks|not now|dont|leave it',
  },
  chores:
    'call|ring|phone|buy|get|pick up|pay|send|submit|order|renew|prepare|review|clean|wash|fix|repair|write|read|finish|check|ask|tell|talk|visit|collect|return|bring|take|water|feed|print|sign|file|contact|follow up|research|test|deploy|publish|finalise|finalize|draft|study|practise|practice|learn|cook|bake|register|apply|confirm|reserve|book|pack|ship|deliver|upload|download|install|update|translate|proofread|invoice|refactor|design|build|implement|plan|organise|organize|mow|iron|hoover|vacuum|sweep|text|mail|post|drop off|sell|charge|wrap|fill in|fill out|do the|walk the|take out',
  dates: EN_DATES,
};
