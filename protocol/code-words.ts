// The words of one-time codes: read aloud over a bad line, typed by someone who did not see them.

/**
 * 512 words, so nine bits each. Common and concrete, 3 to 8 letters; no two sound alike, start with the same four
 * letters, or are one typing error apart; none begins another. The tests hold the list to that.
 */
export const CODE_WORDS: readonly string[] = `
  acorn admiral agate airport album alphabet amber anchor antelope antique apple apricot apron aquarium archer
  armchair arrow artist aspen atlas attic autumn avocado badger bagel bakery balcony balloon bamboo banana banjo
  banner barley basket bathtub beacon beaver bedroom bicycle bison blanket blossom bluebird bobcat bonnet bookcase
  bottle bramble brass brick bridge bronze bubble buffalo bugle bungalow butter cabbage cabin cactus camel campus
  candle canister canoe canyon caramel cargo carpet cashew castle cavern cedar celery ceramic chamber chapel
  charcoal cheetah cherry chess chicken chimney cinema cinnamon circle citrus clarinet classic climber clock cloud
  clover cobbler coconut coffee comet concert cookie copper corner cosmos cottage cougar cowboy coyote cricket
  crimson crystal cucumber cupboard curtain cushion daffodil daisy dancer daylight delta denim dewdrop diamond
  dolphin domino donkey doorbell dragon drawer dresser drummer duck eagle easel echo eclipse elephant elevator
  emerald engine envelope equator evening fabric factory falcon family farmer feather fennel festival fiddle
  firefly flamingo flannel flute folder football forest fossil fountain fox freckle freezer frog frost gadget
  galaxy gallery garage garlic gateway gazebo gecko giant ginger giraffe glacier glider globe goblet golf gondola
  goose gopher granite grape gravel guitar hammer hamster handbag harbor harmony harp harvest hayloft hazel
  hedgehog helmet heron hickory highway hilltop history hobby honey horizon hotel husky hydrant igloo inkwell iris
  island ivory jacket jaguar jasmine jelly jersey jigsaw journal jubilee juggler junction jungle juniper kangaroo
  kayak ketchup kettle keyhole kimono kingdom kitten kiwi koala ladder ladybug lagoon lakeside lantern laundry
  lavender leaflet lemon leopard lettuce library lilac lily lime lizard lobster locker logbook lollipop luggage
  lullaby lumber macaroni magazine magenta magnet magpie mahogany mailbox mammoth mandolin mango mansion marble
  marigold market marmot mattress meadow melody metro midnight milk minnow mirror mosaic mouse muffin mulberry
  museum mushroom napkin nature nectar nest noodle north notebook novel nugget nutmeg nutshell oasis oatmeal ocean
  octagon octopus office olive onion opera orange orbit orchard origami ostrich otter outfit oven overcoat oyster
  painter palace pancake panda papaya paper paprika parade parcel parsley passport pasta patio pavement pavilion
  peach pelican pencil penguin photo piano picnic picture pilgrim pillow pilot pizza planet platypus plaza plywood
  pocket popcorn poplar porridge portrait postcard potato pretzel pudding pumpkin puppet purple puzzle pyramid
  quartet quilt rabbit radar radio raft railway rainbow reindeer ribbon river rooster rosemary rubber ruby
  rucksack ruler saddle safari saffron sailor salad salmon sandal sardine satchel satin sawdust scarf school
  scooter seagull seaweed seesaw sesame shadow shamrock shelf shepherd shovel shuttle signpost silver skate sketch
  skillet skyline slipper snail snorkel snow soccer sorbet spaniel sparrow spatula spice spinach spiral sponge
  spoon spring sprout spruce square squirrel stable stadium starfish steamer strudel sugar suitcase summer sunset
  surfer swan swing sycamore tadpole tapestry teacup teapot teddy telegram temple tennis terrace thistle ticket
  tiger tinsel toaster toboggan token tomato topaz tortoise towel tractor train treetop trellis triangle tricycle
  trolley trombone trophy trout truck truffle trumpet tugboat tulip tunnel turnip turtle tweed umbrella unicorn
  upstairs valley velvet village vineyard vintage violet voucher voyage waffle wagon walkway wallet walnut walrus
  weekend window winter wishbone wombat woodland workshop yearbook yellow zebra zenith zigzag zipper zodiac
`
  .trim()
  .split(/\s+/);
