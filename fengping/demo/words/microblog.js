// Fills the topic page: one batch at the start, another whenever its end comes into view.
const posts = document.getElementById("posts");
const end = document.getElementById("end");
let oldest = "";
let busy = false;
let done = false;

function part(tag, name, words, into) {
  const node = document.createElement(tag);
  node.className = name;
  node.textContent = words;
  into.append(node);
  return node;
}

function show(post) {
  const box = document.createElement("article");
  box.className = "post";
  box.id = post.id;
  Object.assign(box.dataset, { id: post.id, parent: post.parent, followers: post.followers ?? "" });
  const top = part("div", "meta", "", box);
  part("b", "author", post.author, top);
  const time = part("time", "when", post.shown, top);
  time.dateTime = post.time;
  if (post.region) part("span", "region", post.region, top);
  part("div", "text", post.text, box);
  const bottom = part("div", "meta", "", box);
  for (const [name, sign] of [["shares", "↻"], ["replies", "💬"], ["likes", "👍"], ["views", "👁"]]) {
    const count = part("span", "", sign + " ", bottom);
    part("span", name, String(post[name] ?? 0), count);
  }
  const link = part("a", "permalink", "链接", bottom);
  link.href = post.url;
  return box;
}

async function more() {
  if (busy || done) return;
  busy = true;
  try {
    const answer = await fetch(posts.dataset.api + "?before=" + encodeURIComponent(oldest));
    const batch = await answer.json();
    posts.append(...batch.posts.map(show));
    if (batch.posts.length) oldest = batch.posts[batch.posts.length - 1].id;
    done = !batch.more;
    end.textContent = done ? "没有更多了" : "加载中…";
  } finally {
    busy = false;
  }
}

// Looked at by the clock: scroll events and observers wait for frames, which a tab in the background may not get.
function look() {
  if (end.getBoundingClientRect().top < innerHeight + 400) more();
}

setInterval(look, 100);
look();
