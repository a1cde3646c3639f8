"""IB Key as an app that installs from the portal: its page, its service worker, its words."""
