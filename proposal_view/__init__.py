"""What the partner reads, drawn the same way in the portal and in the admin preview: proposal and agreement."""
