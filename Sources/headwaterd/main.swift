print("headwaterd")
