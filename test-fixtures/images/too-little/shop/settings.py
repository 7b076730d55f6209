INSTALLED_APPS = ["shop"]
SECRET_KEY = "none"
