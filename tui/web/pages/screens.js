// Opens the screens again after they were closed, and puts the keyboard into them as soon as they are there.
document.getElementById("again").addEventListener("click", () => window.location.assign("/"));

const watcher = new MutationObserver(() => {
  const keys = document.querySelector(".xterm-helper-textarea");
  if (keys && document.body.classList.contains("-first-byte")) {
    watcher.disconnect();
    keys.focus();
  }
});
watcher.observe(document.body, { attributes: true, subtree: true, childList: true });
